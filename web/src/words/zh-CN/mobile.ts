export default {
  title: "小屏",
};
