export default {
  lead: "一座城一个库，四块屏。",
  lead_more: "来信怎样走到办结，每个数怎样来，都在这里打开看。",
  doors: "四扇门",
  cockpit: { title: "大屏", who: "给值班领导：五分钟看清现在怎样、变了什么、要决定什么。" },
  desk: { title: "中屏", who: "给调度员、街道值班长和数据办：一条队列，建议派给谁和为什么；地方、装载和数据问题。" },
  mobile: { title: "小屏", who: "给居委会和网格员：我的任务，上门、拍照、办结。" },
  public: { title: "社区信箱", who: "给居民：写信、凭号查进度、评价。不用登录。" },
  enter: "进入", needs_sign_in: "须登录", area: "{area} km²", api: "接口说明",
};
