export default {
  title: "社区信箱",
};
