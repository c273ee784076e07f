export default {
  title: "Phone",
};
