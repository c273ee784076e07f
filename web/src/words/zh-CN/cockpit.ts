export default {
  title: "大屏",
  people: "人与地", people_sub: "数据态势", events: "事件", events_sub: "事件态势", growth: "发展", growth_sub: "发展态势",
  map: "地图", headline: "要点", compared: "与{base}比较", which: "第 {n} 项，共 {all} 项",
  no_change: "与昨日此时相比，没有超出常态的变化", newest: "最新与最急", left: "剩余", no_cases: "没有在办的案件",
  scope_back: "回到{name}", replay: "回放 {from} — {to}", replay_hint: "拖动游标，全屏数字同步到该时刻", handle: "回放游标：{at}",
  live: "实时 {at}", to_live: "实时", at: "回放 {at}", stream_is_live: "列表为实时", play: "播放", pause: "停", step: "一格",
  earlier: "前一格", later: "后一格", empty_slot: "这一栏还没有面板",
  more_than: "{title}比{base}多 {size} {unit}", fewer_than: "{title}比{base}少 {size} {unit}", same_as: "{title}与{base}相同",
};
