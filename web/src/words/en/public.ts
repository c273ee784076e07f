export default {
  title: "Community mailbox",
};
