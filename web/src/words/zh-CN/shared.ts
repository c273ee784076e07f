/** 各端共用的词。 */
export default {
  product: "回天",
  demo: "演示数据",
  demo_short: "演示数据",
  action: {
    close: "关闭", open: "打开", retry: "重试", sign_in: "登录", sign_out: "退出", cancel: "取消", back: "返回",
    save: "保存", more: "更多", search: "查找", list: "列表", map: "地图", all: "全部", send: "提交",
    language: "English", theme_ink: "换深色", theme_paper: "换浅色", skip: "跳到正文",
  },
  status: { ok: "正常", watch: "过七成", urgent: "过九成", late: "超期", none: "无时限", stale: "陈旧", no_data: "无数据" },
  state: {
    pending_dispatch: "待派", dispatched: "已派", signed: "已签收", in_progress: "办理中", replied: "已反馈",
    visiting: "回访中", closed: "办结", returned: "已退回", escalated: "已上报", rework: "重办",
  },
  channel: {
    C01: "热线", C02: "网站", C03: "微信", C04: "来信", C05: "网格上报", C06: "走访", C07: "监测", C08: "上级转办", C09: "其他", C10: "对外来信",
  },
  gone: {
    words: "原话", contact: "联系方式", photos: "照片", and: "、", request: "{what}已按申请删除（{at}）",
    retention: "{what}已到保存期限，已删除（{at}）",
  },
  solved: { solved: "已解决", partly: "部分解决", unsolved: "未解决" },
  satisfied: { very: "很满意", yes: "满意", basically: "基本满意", no: "不满意", very_no: "很不满意" },
  level: {
    city: "市", district: "区", street: "街镇", community: "社区", grid: "网格", estate: "小区", building: "楼栋",
    unit: "单元", floor: "楼层", dwelling: "房屋",
  },
  entity: {
    building: "楼栋", organisation: "组织", case: "案件", case_open: "在办案件", component: "部件", place: "地方", dwelling: "房屋",
    household: "家庭", person: "人口", finding: "数据问题", load: "装载", feature: "图层要素",
  },
  role: {
    leader: "领导", dispatcher: "调度员", street_dispatcher: "街道值班长", department: "部门处置员", committee: "社区工作者",
    grid_worker: "网格员", district_dispatcher: "区级调度员", auditor: "审计员", integrator: "接口程序", data_admin: "数据管理员", resident: "居民", system: "系统",
  },
  kind: { letter: "来信", street: "街道", community: "居委会", department: "部门", enterprise: "企业", property_firm: "物业", centre: "中心" },
  occupancy: { resident: "常住", let: "出租", vacant: "空置", business: "经营", unverified: "待核" },
  clock: { late: "超{left}", of: "{limit} {left}", not_started: "未开始", stopped: "已停", suspended: "已暂停", used: "已用{used}%" },
  number: {
    few: "样本不足，不显示率值",
    by_limit: "按已用时限", none_open: "没有在办案件",
    n: "n {n}", estimate: "估计", stale: "迟{late}", too_few: "n {n} < 30，不显示率值", below_k: "低于{k}不显示", withheld: "为保护他人不显示", withheld_value: "不显示", released: "发布", release_rule: "已取整，低于{k}不显示",
    below_k_value: "< {k}", no_data: "无", no_data_why: "缺：{source}", error: "{at}起算不出", recomputing: "正在重算 · 值为{at}",
    point: "百分点", same: "持平", compared: "比{base}", opens: "{title} {value} {unit}，打开看由来", opens_hint: "打开看由来", loading: "正在取 {title}",
    id: "指标", formula: "算式", by_unit: "各单位", by_unit_interval: "各单位，点为值，横线为95%区间",
    terms: "口径与出处", as_of: "截至", sample: "样本", interval: "区间", rule_set: "规则", source: "来源", place: "范围",
    kind: "种类", rows: "参与计算的行", rows_total: "共{n}行", rows_protected: "受保护的数：只给定义和下级，不给行。",
    past: { day: "近{n}天", week: "近{n}周，周一起", month: "近{n}月", hotline_month: "近{n}个热线月，{day}日起" }, on_map: "在地图上看", all_rows: "全部{n}行", fewer_rows: "收起", more_rows: "再取{n}行", export: "导出",
    no_interval: "全数，无区间", mean: "本范围", children_none: "没有下级", recount: "重数：{n}行",
    kinds: { count: "计数", ratio: "比率", sum: "合计", score: "加权得分", mean: "均值", median: "中位数" },
  },
  panel: {
    yes: "是", no: "否",
    unknown: "这一版还不会画“{kind}”", loading: "正在取数", empty: "没有数据", no_form: "此表单没有字段",
    sent: "已提交", series: "{title}，近{n}期，最近 {value}", table: "看表", chart: "看图", others: "其余{n}项", apart: "不在以上各处",
    name: "名称", value: "数", share: "占比", needs: "需要：{needs}",
  },
  map: {
    density_rule: "方格边长{cell}米；少于{k}人的方格不画", under: "< {n}", by_limit: "在办案件，按已用时限",
    label: "地图：{layers}", legend: "图例", missing: "这台机器不能画地图（没有WebGL），改为列表。", truncated: "{layer}：只画了{n} / {all}",
    as_of: "截至{at}", n_in_view: "图内{n}条", empty: "图内没有要素", name: "名称", layer: "图层", error: "图层取不到：{why}",
    zoom_in: "放大", zoom_out: "缩小", whole: "全图", buildings_from: "楼栋：放大后显示",
  },
  stream: { live: "实时", stale: "实时中断", lost: "{at}后没有新消息，数可能陈旧", reconnecting: "正在重连" },
  fault: {
    title: "没有取到", code: "代码{code}", page: "这一页出错了", not_found: "没有这一页", not_found_at: "{address} 没有内容，链接可能已失效或写错。请从左边选一页，或按“{key}”键查案件和地方。", home: "回首页", not_allowed: "没有权限看这一页",
  },
  sign: {
    title: "登录", user_name: "用户名", password: "密码", demo_lead: "演示城市：点一下，以这个身份进入。", form_lead: "用自己的账号登录。", elsewhere: "用单位统一身份认证登录",
    as: "以{name}进入", who: "已登录：{name}",
    over_title: "登录已过期", over_lead: "请再登录一次。填的都还在，登录后接着送出。", over_later: "先不登录",
    does: {
      leader: "看大屏", dispatcher: "分派全部案件", street: "分派本街道案件", committee: "办理本社区案件", grid_worker: "上门、拍照、上报",
      household: "另可查看住户登记", auditor: "查审计", data_admin: "管数据与装载",
    },
  },
};
