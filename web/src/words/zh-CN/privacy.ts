/** 用途、查看记录与审计。 */
export default {
  state: "说明用途", running: "用途", none: "未说明用途，住户与联系方式保持遮盖", left: "还剩{left}", over: "用途已到期，已恢复遮盖", end: "结束", show: "查看住户", household: "住户", of_home: "{name} 的住户",
  why: "查看个人信息前先说明用途。每次查看都会记入审计，所在社区也能看到。", purpose: "用途", ticket: "工单号", ticket_hint: "只写编号，不写姓名、电话", minutes: "时长（分钟）", most: "最长{n}分钟", opens: "将显示",
  confirm: "这是敏感信息，我确认确有必要查看", must_confirm: "敏感信息须再次确认", must_ticket: "这个用途要填工单号", take: "说明用途并查看", no_purpose: "您的角色没有可用的用途", nobody: "没有登记住户", persons: "{n}人", born: "{n}年生", registered: "户籍在此", unregistered: "流动", see_home: "再看住户信息请重新说明用途",
  about: { case: "这件诉求", household: "这一户", place: "这一片" },
  field: {
    case_contact_name: "反映人称呼", case_contact_phone: "反映人电话", case_words_words: "来信原文", household_all: "户", occupancy_all: "人房关系", person_all: "人员基本信息", person_identity_name: "姓名", person_identity_phone: "电话", person_identity_id_number: "身份证号",
  },
  sex: { female: "女", male: "男", F: "女", M: "男" },
  looks: {
    nav: "查看记录", title: "谁看过我们的住户", lead: "本辖区住户信息每一次被查看的记录：谁、何时、看了什么、为了什么。", none: "还没有人查看过住户信息", when: "时间", who: "查看人", home: "住户", fields: "字段", why: "用途", ticket: "工单", more: "更早的记录", unknown: "账号已注销",
  },
  audit: {
    nav: "审计", title: "审计", whole: "审计链完整：末尾{n}条重算相符，共{all}条", broken: "审计链从第{seq}条起不对，请运行huitian audit verify", head: "链头", keep: "请把链头抄到系统之外另存，日后用huitian audit verify --head核对，可发现链尾被截断。", copy: "复制", copied: "已复制", unusual: "近七天查看较多的账号", alarm: "一天超过{n}次告警",
    n_looks: "查看（一次请求算一次）", n_subjects: "不同对象", n_at_night: "夜间", n_most: "最多一天", over: "超过告警线", filter: "筛选", user: "账号", act: "行为", subject: "对象编号", since: "起", until: "止", all: "全部", seq: "序号", when: "时间", who: "账号", what: "行为", entity: "对象类", whose: "对象", why: "用途", route: "接口", none: "没有符合条件的记录", csv: "导出CSV", csv_note: "导出也会记入审计", more: "更早的记录", total: "共{n}条", clear: "清除",
    acts: { look: "查看", change: "改动", export: "导出", grant: "授权", purpose: "说明用途", erase: "删除", token: "令牌", sign_in: "登录" },
  },
};
