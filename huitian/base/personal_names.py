"""Names of people inside a text, found by what stands beside them: 我叫张三丰, 联系人：李四, 王先生, 姓名 | 赵六.

A name without any such word beside it is not found; that is measured and told in ``docs/concepts/trust.md``. Of a
name as much is kept as under lens V2: ``张*丰``.
"""

import re

COMPOUND = "欧阳|司马|上官|诸葛|司徒|东方|独孤|慕容|夏侯|皇甫|尉迟|公孙|令狐|宇文|长孙|端木|测试"
SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞"
    "颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华"
    "喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋"
    "商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢谌奚"
)
HAN = "\u4e00-\u9fff"
NAME = rf"(?P<name>(?:{COMPOUND})[{HAN}]{{1,2}}|[{SURNAMES}][{HAN}]{{1,2}})"
TITLED = rf"(?P<name>(?:{COMPOUND}|[{SURNAMES}])[{HAN}]{{0,2}}?)"
GAP = r"[\s:：|｜,，、=＝\"“”'（(\[【/\u3000]{0,4}"
BEFORE = re.compile(
    rf"(?:我叫|我名叫|名叫|名字叫|姓名|名字|联系人|联络人|户主|业主|申请人|投诉人|反映人|经办人|负责人|当事人|租户|租客|房东|称呼|收件人|本人)"
    rf"(?:是|叫|为|名)?{GAP}{NAME}"
)
"""A word that a name follows."""
AFTER = re.compile(
    rf"(?<![{HAN}])(?:(?:找|联系|请|问|叫|由|和|跟|给|是|的|请找|请联系)\s?)?{TITLED}"
    r"(?:先生|女士|小姐|师傅|老师|阿姨|大爷|大妈|大叔|大姐|同志|经理|主任|书记|站长|队长|医生|老板)"
)
"""A name that a title follows, at the beginning of words or behind one that leads to a person."""
ENDS = (
    "住的在说家今昨明天要有是来去于因为反投电手我他她你们这那请想从到已没不也还号"
    "和与同、房被把给跟向让叫对以了着过就都又很"
)
"""What may follow a name of two characters and is hardly the third of one."""
MARKS = re.compile(
    "我叫|名叫|叫|姓名|名字|联系人|联络人|户主|业主|申请人|投诉人|反映人|经办人|负责人|当事人|租户|租客|房东|称呼|收件人|本人"
    "|先生|女士|小姐|师傅|老师|阿姨|大爷|大妈|大叔|大姐|同志|经理|主任|书记|站长|队长|医生|老板"
)
"""What every name found here needs beside it."""
NOT_NAMES = frozenset(
    [
        "物业",
        "居委",
        "街道",
        "社区",
        "村委",
        "有关",
        "相关",
        "和平",
        "安全",
        "时间",
        "方便",
        "高层",
        "成年",
        "全体",
        "金额",
        "包括",
        "任何",
        "明天",
        "查看",
        "解决",
        "连续",
        "路过",
        "房间",
        "车主",
        "单元",
        "文明",
        "向您",
    ]
)
"""Words that begin like a name."""


def names(words: str) -> str:
    """Mask names of people that a word beside them tells: ``我叫张*丰``, ``王**先生``."""
    if not MARKS.search(words):
        return words
    return AFTER.sub(_titled, BEFORE.sub(_named, words))


def _named(found: re.Match[str]) -> str:
    name = found["name"]
    if name[:2] in NOT_NAMES:
        return found[0]
    n_least = 3 if re.match(COMPOUND, name) else 2
    if len(name) > n_least and name[-1] in ENDS:
        name = name[:-1]
    at = found.start("name") - found.start()
    return found[0][:at] + masked(name) + found[0][at + len(name) :]


def _titled(found: re.Match[str]) -> str:
    name = found["name"]
    if name[:2] in NOT_NAMES or len(name) < 2 or re.fullmatch(COMPOUND, name):
        return found[0]
    at = found.start("name") - found.start()
    return found[0][:at] + masked(name) + found[0][at + len(name) :]


def masked(name: str) -> str:
    """Return a name as lens V2 shows it: ``张三丰`` → ``张*丰``, of two characters the first."""
    return f"{name[0]}*" if len(name) == 2 else f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"
