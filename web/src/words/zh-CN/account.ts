/** 我的账号：会话、令牌、密码。 */
export default {
  title: "我的账号",
  session: {
    title: "已登录的会话", lead: "这个账号在哪里登录着。登录{hours}小时后会话自行结束。", idle: "{minutes}分钟没有操作也会结束。",
    this: "当前", began: "登录时间", seen: "最近使用", ends: "结束时间", address: "地址", browser: "浏览器", unknown: "未说明", do: "操作",
    end: "结束", end_others: "结束其他全部会话", none_other: "没有其他会话", ended: "已结束{n}个会话",
  },
  token: {
    title: "程序用的令牌", lead: "程序带着令牌读您能读的，范围可再缩小；它能做的不会比您多，您的授权结束，它也结束。",
    add: "新建令牌", none: "还没有令牌", what: "用途", days: "天数", days_hint: "最多{most}天", lens: "最多看到", lens_role: "按它的角色", place: "地方及以下", another_place: "另一个地方及以下", place_hint: "不选就是您能看的全部。",
    methods: "可以", reads: "只读", writes: "读和改", subjects: "只用于", subjects_hint: "都不选就是对程序开放的全部。",
    own_role: "用我的角色（否则用程序的角色，只读工作，不读人）", make: "生成令牌", need_title: "请写用途", need_days: "请写天数，最多{most}天",
    made: "请现在复制令牌", made_lead: "只在这里显示这一次，哪里都不保存。程序以“Authorization: Bearer”发送它。", secret: "令牌", copy: "复制", copied: "已复制", not_copied: "这里不能自动复制，请选中后复制", done: "已存好",
    prefix: "开头", role: "角色", used: "最近使用", unused: "未用过", until: "有效到", state: "状态", revoke: "吊销", revoke_now: "确定吊销", sure: "它的下一次请求就会被拒绝，确定？",
    all: "全部开放的", states: { active: "有效", expired: "已过期", revoked: "已吊销" },
    subject: { buildings: "楼栋", cases: "案件", entities: "数据表", files: "文件", layers: "图层", loads: "装载", numbers: "指标", packs: "场景包", panels: "面板", places: "地方" },
  },
  password: {
    title: "密码", old: "现在的密码", new: "新密码", again: "再输一次新密码", hint: "至少{n}个字，不能是别人猜得到的。", change: "修改密码",
    changed: "密码已修改，其他会话都已结束。", differ: "两次输入不一样", elsewhere: "这个账号用单位的统一身份认证登录，密码在那里修改。",
    need_old: "请输入现在的密码", need_new: "至少{n}个字",
  },
};
