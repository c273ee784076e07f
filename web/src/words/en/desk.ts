export default {
  title: "Desk",
};
