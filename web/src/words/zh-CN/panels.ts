/** 面板的词：各种类、意见、场景包的开关。 */
export default {
  ends: { cockpit: "大屏", desk: "中屏", mobile: "小屏", public: "居民页" },
  component_status: { good: "完好", damaged: "破损", lost: "丢失", abandoned: "废弃", removed: "移除" },
  ladder_level: { L0: "居民", L1: "社区", L2: "街道", L3: "部门", L4: "不再发生" },
  broken: "这个面板画不出来，其余照常。", broken_code: "面板{id}：{why}", try_again: "再试",
  pilot: "试点", stale: "实时中断，可能陈旧", no_value: "未填", others: "其余{n}项", n_rows: "{n}条", n_of: { case: "{n}件", dwelling: "{n}套", household: "{n}户", building: "{n}栋", organisation: "{n}家", component: "{n}个" }, share: "占比",
  opens_rows: "{name}，{n}条，打开看是哪些", rows_of: "{name}，{n}条", as_of: "截至{at}",
  needs_building: "打开一栋楼后显示。", needs_case: "没有可以办理的案件。",
  board: { move: "办理", moves: "可以怎么办", none: "现在没有您能办的步骤", empty: "没有", more: "另有{n}件", keys: "← → ↑ ↓ 移动 · Enter打开 · M办理", elsewhere: "要选的内容较多，请在案件页办理" },
  flow: { to: "{from}到{to}", step: "第{n}级" },
  form: { done: "已办：{title}", undo: "撤回", left: "还可撤回{n}秒", undone: "已撤回", pick: "哪一件", reported: "已上报{no}", body: "情况", open: "打开案件" },
  component: { changed: "组件文件与登记的摘要不符，未运行。", missing: "组件没有定义“{tag}”。" },
  feedback: {
    short: "提意见",
    open: "意见：{title}", title: "这个面板怎么样", verdict: "一个词", words: "想说的话（可不填）", hint: "只记场景、地方和日期，不记是谁。请不要写姓名和电话。",
    send: "提交", done: "已收到，谢谢。", useful: "有用", unclear: "看不懂", wrong: "数不对", missing: "缺内容",
  },
  packs: {
    title: "场景", nav: "场景", lead: "成熟一个，部署一个：本级没有决定的，随离得最近的上级；都没有决定的，按场景出厂的状态。", place: "地方", up: "上一级",
    off: "关", pilot: "试点", on: "开", inherit: "本级不决定", own: "本级决定", from: "随{place}", declared: "出厂状态", by: "{who} · {at}",
    use: "近30天打开{shown}次，操作{acted}次", owner: "负责：{name} · {contact}", no_owner: "没有写明负责人", n_feedback: "意见{n}条", installed: "外装", below: "下级{n}", none: "还没有装载地方。",
    stage: "{pack}在{place}", cannot: "只能看：切换由数据管理员和本街道值班长办理。", feedback_title: "对{pack}的意见", said: "说了什么", days: "近30天", day: "日期", shown: "打开", acted: "操作",
    no_feedback: "还没有意见。", no_use: "近30天没有使用。", panel: "面板", words: "说明", given: "日期", open_page: "打开场景页", panels: "面板：{ends}",
  },
};
