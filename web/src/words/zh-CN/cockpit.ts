export default {
  title: "大屏",
  people: "人与地", people_sub: "数据态势", events: "事件", events_sub: "事件态势", growth: "发展", growth_sub: "发展态势",
  map: "地图", headline: "要点", compared: "与{base}比较", more: "另有 {n} 项", no_change: "与昨日此时相比，没有超出常态的变化",
  open_by_clock: "在办案件", by_limit: "按已用时限", none_open: "没有在办案件",
  newest: "最新与最急", left: "剩余", no_cases: "没有在办的案件",
  units: "各{level}", replay: "回放到 {at}", replay_hint: "点日期或拖动游标，全屏数字同步到那一刻", live: "实时", to_live: "回到实时",
  earlier: "前一日", later: "后一日", play: "播放", pause: "停", new_cases: "{n} 件新到",
};
