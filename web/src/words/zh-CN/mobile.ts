export default {
  title: "小屏", tabs: "分页",
  tab: { tasks: "任务", report: "上报", mine: "我的" },
  tasks: {
    title: "我的任务", next: "下一件", start: "开始", none: "没有要办的任务。新派来的会自己出现在这里。", numbers: "本范围的数",
    more: "还有 {n} 件，按时限排", as_of: "{at} 已同步", came: "新到 {n} 件", to_dispatch: "本社区待派 {n} 件", waiting: "已反馈，等评价 {n} 件",
  },
  case: {
    title: "案件", words: "来信", place: "在哪里", no_place: "还没有位置", contact: "联系人", anonymous: "来信人要求保密", no_contact: "没有留下联系方式", call: "电话",
    clocks: "时限", steps: "经过", nothing_to_do: "现在没有您要办的",
  },
  step: {
    draft: "草稿 {at}", unknown: "这一件没有这个步骤。", kept: "填的都还在，可以再提交一次。", missing: "请填写{field}。", contacted: "已联系来信人",
    photos: "现场照片", photos_before: "办理前", photos_after: "办理后", before: "前", after: "后", owner: "派给谁", owner_missing: "请选一个单位。",
  },
  stale: { title: "您打开后，有人先办了一步", somebody: "有人", kept: "两步都会留在经过里。您填的都还在。", go_on: "看过了，仍要{step}", first: "请先看上面的变化" },
  undo: { done: "已{step}", back: "撤回" },
  report: {
    title: "上报", note: "拍照、写明、定位", photos: "照片", words: "看到了什么", hint: "如：北门井盖松动，行人易绊倒", where: "在哪里", where_hint: "楼号、小区、网格", category: "类别", guess: "由系统按文字判断",
    send: "上报", done: "已上报", open: "打开这一件", no_words: "请写一句看到了什么。", no_where: "请给位置：定位、选地方或写明都可以。",
  },
  mine: { title: "我的", account: "账号", role: "角色", org: "单位", scope: "范围", lens: "查看", live: "消息", no_org: "没有单位", whole_city: "全城" },
  lens: { V1: "隐去个人信息", V2: "部分遮盖个人信息", V3: "可看个人信息" },
};
