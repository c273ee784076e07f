export default {
  title: "小屏", tabs: "分页",
  tab: { building: "爬楼图", tasks: "任务", report: "上报", mine: "我的" },
  tasks: {
    title: "我的任务", next: "下一件", start: "开始", none: "没有要办的任务。新派来的会自己出现在这里。", numbers: "本范围的数",
    more_walk: "还有{n}件，从最急的一件起就近排", leg: "距上一件{far}", order: "任务的顺序", by_walk: "按步行路线", by_due: "按时限", more: "还有{n}件，按时限排", as_of: "{at}已同步", came: "新到{n}件", to_dispatch: "本社区待派{n}件", waiting: "已反馈，等评价{n}件",
  },
  case: {
    title: "案件", words: "来信", place: "在哪里", no_place: "还没有位置", contact: "联系人", anonymous: "来信人要求保密", no_contact: "没有留下联系方式", call: "电话",
    clocks: "时限", steps: "经过", nothing_to_do: "现在没有您要办的",
  },
  step: {
    draft: "草稿{at}", unknown: "这一件没有这个步骤。", kept: "填的都还在，可以再提交一次。", missing: "请填写{field}。", contacted: "已联系诉求人",
    photos: "现场照片", photos_before: "办理前", photos_after: "办理后", before: "前", after: "后", owner: "派给谁", owner_missing: "请选一个单位。",
  },
  stale: { title: "您打开后，有人先办了一步", somebody: "有人", kept: "两步都会留在经过里。您填的都还在。", go_on: "看过了，仍要{step}", first: "请先看上面的变化" },
  undo: { done: "已{step}", back: "撤回" },
  offline: {
    bar: "离线，仍可办理", sending: "网络恢复，正在送出{n}件", since: "已{time}", waits: "{n}件存在本机，恢复后自动送出。", none: "办的先存在本机，恢复后自动送出。", as_of: "数据截至{at}。",
    queue: "待送出{n}件", photos: "照片{n}张", conflicts: "要您确认{n}项", both: "{what}：您离线时，有人先办了一步", you: "您", ours: "按我的办", theirs: "以对方为准",
    choose: "两步都会留在经过里：以对方为准时，您写的记为备注。", note_of: "离线时所办“{step}”（{at}），以别人先办的为准。", why: "没送成：", drop: "删去", drop_sure: "真的删去",
    state: { waiting: "等网络", sending: "正在送", failed: "没送成", conflict: "要您确认" }, saved: "已存在本机，网络恢复后自动送出", not_kept: "没有网络，这台手机也存不下。填的还在这一页，请不要关闭。",
    contact: "离线不可看", waits_here: "已存在本机、等网络送出：{steps}",
  },
  position: { check: "核对我在现场", again: "再核对", there: "在现场：直线距{far}，误差{m}米（须 ≤ {most}米）", away: "不在现场：直线距{far}，误差{m}米（须 ≤ {most}米）", none: "这里定不了位，可以照样提交。", note: "只在这台手机上核对，不随这一步送出。" },
  building: {
    lead: "一次看一个单元", find: "找楼栋", find_hint: "楼名，如7号楼", none_found: "没有这个名字的楼栋。", mine: "我的任务所在的楼", none_mine: "任务都没有定到楼栋。可按楼名找。", n_tasks: "任务{n}件",
    units: "单元", n_homes: "{n}户", n_cases: "{n}件", n: "{n}件", occupancy: "居住", open_cases: "在办", area: "面积", with_cases: "有诉求的户", unknown: "按权限不显示",
    report_home: "在这里上报", report_here: "上报这栋楼", open: "爬楼图",
  },
  report: {
    title: "上报", note: "拍照、写明、定位", photos: "照片", words: "看到了什么", hint: "如：北门井盖松动，行人易绊倒", where: "在哪里", where_hint: "楼号、小区、网格", category: "类别", guess: "由系统按文字判断",
    send: "上报", done: "已上报", open: "打开这一件", no_words: "请写一句看到了什么。", no_where: "请给位置：定位、选地方或写明都可以。",
  },
  mine: { title: "我的", account: "账号", role: "角色", org: "单位", scope: "范围", lens: "查看", live: "消息", no_org: "没有单位", whole_city: "全城", update: "有新版本，换上", unsent: "还有{n}件没有送出，退出会删去它们。", leave_anyway: "删去并退出", others: "这台手机上封存着别人没送出的{n}件，本人登录后接着送。", kept_here: "任务、看过的页和任务附近的地图存在本机三天，不存居民联系方式；退出即清除。换人登录时，没送出的封存，只有本人打得开。" },
  lens: { V1: "隐去个人信息", V2: "部分遮盖个人信息", V3: "可看个人信息" },
};
