export default {
  title: "社区信箱", brand: "回天邻里", yesterday: "昨{at}", large: "大字", aside: "旁栏",
  nav: { write: "写信", follow: "我的信" },
  write: {
    title: "写给您的社区", to: "写给{place}", lead: "不用找部门。写下来，我们找人办，每一步都告诉您。",
    body: "信的内容", hint: "什么事，在哪里，从什么时候起？", n: "{n}字", n_of: "{n} / {most}字", n_photos: "照片{n}张", kept: "{at}已存在本机", photos: "照片",
    missing: "还没有写内容。写一句话就可以寄。", too_long: "多了{n}字，请删短一些。", send: "寄出", nothing_lost: "写的内容都还在，可以再寄一次。",
    promise: "社区4小时内收信，3天内答复",
  },
  danger: {
    lead: "有人正有危险，先打电话：", now: "听起来有危险，请先打电话：", fire: "着火、漏气", police: "报警", doctor: "急救",
    signs: "着火/起火/冒烟/漏气/燃气味/煤气味/爆炸/触电/坠楼/晕倒/昏迷/打人/持刀/困在电梯/电梯困人",
  },
  where: "在哪里", where_empty: "还没有填，填了办得快", what: "什么事", what_empty: "不清楚，请代我选", no_categories: "类别取不到，可以不选。",
  who: {
    title: "怎么称呼", empty: "不留也可以寄", name: "姓名或称呼", phone: "电话", phone_hint: "只给办这件事的人用来联系您。", anonymous: "保密：不告诉承办单位我是谁", anonymous_short: "保密",
  },
  pen: {
    title: "谁来写", self: "自己写", other: "别人代写", lead: "不方便写字的，可以请家人、邻居或社区工作者照着说的写。", check: "我在替别人写", who: "代写的人", who_hint: "如：女儿、三号楼楼门长", line: "（由{who}代写）", somebody: "他人",
  },
  voice: { offer: "用语音写", start: "开始说", stop: "说完了", on: "正在听", who: "有的浏览器会把声音交给它的厂商识别；不愿意就打字。", fault: "没听成。可以再试，或打字。" },
  ladder: { lead: "一封信怎样往上走", L0: "您", L1: "社区", L2: "街道", L3: "部门", L4: "不再发生" },
  ladder_long: { L0: "您寄出", L1: "社区收信", L2: "街道接手", L3: "部门到场", L4: "不再发生" },
  ladder_note: {
    L0: "得到号码和查询码，凭它查进度、作评价。", L1: "4小时内收信，3天内办好并答复。", L2: "社区办不了的转街道，派给管这件事的单位。",
    L3: "一家办不了，街道把有关部门叫到一起。", L4: "找到原因，写明怎样不再发生。",
  },
  level: { done: "已到", now: "现在在这里", ahead: "还没到", skipped: "未经此级", late: "已超承诺" },
  state: {
    pending_dispatch: "正在找人办", dispatched: "已派人办", signed: "有人接手了", in_progress: "正在办", replied: "待您评价", visiting: "已评价",
    closed: "办结了", rework: "正在重办",
  },
  sent: {
    done: "已寄出", title: "信寄到了，请记下这两行", lead: "凭号码和查询码可以查每一步，也凭它评价。查询码只在这里显示一次。", copy: "复制", print: "打印",
    copied: "已复制", not_copied: "这台设备不让复制，请抄下或打印。", follow: "查这封信", none: "没有刚寄出的信。", where: "查询：打开社区信箱，选“我的信”。",
    text: "社区信箱 号码 {no} 查询码 {code} 查询 {address}",
  },
  follow: {
    done_stays: "办理的经过还在。",
    title: "我的信", lead: "查一封信走到哪一步", no: "信的号码", no_hint: "寄出时得到，如XX20261116000071", code: "查询码", code_hint: "八个字母和数字，大小写都可以",
    no_missing: "请填信的号码。", code_missing: "请填查询码。", ask: "查询", not_found: "号码或查询码不对。", not_found_do: "请对照寄出时得到的两行再填一次；忘了查询码，请打社区电话问。", headline: "已到第{n}级，{state}", spent: "用时{time}", took: "用时{time}", moment: "不到1分", promised: "承诺{at}前答复",
    steps: "经过", expected: "下一步", due: "答复您", overdue: "答复已超承诺", reply: "答复", reply_of: "{org}的答复", rate: "去评价", rate_again: "改评价", not_fixed: "没修好",
    rated: "您的评价：{solved}，{satisfied}", another: "查另一封", print: "打印经过",
  },
  rate: {
    title: "评价", headline: "这件事办得怎么样？", lead: "三个问题，约20秒。办事的人看不到是谁评的。", q1: "有人联系您吗？", q2: "问题解决了吗？", q3: "您满意吗？",
    contacted: { yes: "有", no: "没有", unsure: "记不清" }, solved: { solved: "解决了", partly: "一部分", unsolved: "没解决" },
    more: "还想说的（可不填）", what_left: "哪里还没修好（可不填）", missing: "还有第{which}题没有答。", send: "提交评价", done: "评价已收到", thanks: "谢谢您",
    then: "没解决的，会退回重办，进展仍在“我的信”里。", back: "回到这封信",
  },
};
