export default {
  title: "中屏",
};
