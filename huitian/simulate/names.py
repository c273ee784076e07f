"""Invented names with their pinyin. None is taken from a real district; persons come from a closed list."""

from dataclasses import dataclass

from huitian.simulate.draws import Draws

FIRST = {
    "云": "yun", "松": "song", "澄": "cheng", "鹿": "lu", "柳": "liu", "禾": "he", "晴": "qing", "棠": "tang",
    "榆": "yu", "砚": "yan", "沁": "qin", "芷": "zhi", "枫": "feng", "梧": "wu", "竹": "zhu", "茗": "ming",
    "霁": "ji", "暖": "nuan", "朗": "lang", "槐": "huai", "荷": "he", "蓼": "liao", "苇": "wei", "雁": "yan",
}  # fmt: skip
SECOND = {
    "溪": "xi", "湾": "wan", "塘": "tang", "川": "chuan", "屿": "yu", "麓": "lu", "渡": "du", "野": "ye",
    "原": "yuan", "坞": "wu", "谷": "gu", "汀": "ting", "亭": "ting", "桥": "qiao", "洲": "zhou", "陌": "mo",
    "岚": "lan", "林": "lin",
}  # fmt: skip
SUFFIXES = {
    "家园": "jiayuan", "苑": "yuan", "里": "li", "雅园": "yayuan", "花园": "huayuan", "嘉园": "jiayuan",
    "新居": "xinju", "雅居": "yaju",
}  # fmt: skip
QUARTERS = ("一区", "二区", "三区", "四区", "五区", "六区")
HEAVENLY = "甲乙丙丁戊己庚辛壬癸"
EARTHLY = "子丑寅卯辰巳午未申酉戌亥"
PINYIN = ("Jia", "Yi", "Bing", "Ding", "Wu", "Ji", "Geng", "Xin", "Ren", "Gui",
          "Zi", "Chou", "Yin", "Mao", "Chen", "Si", "Wu", "Wei", "Shen", "You", "Xu", "Hai")  # fmt: skip
PERSON_NAMES = tuple(f"测试{sign}" for sign in HEAVENLY + EARTHLY)
"""The closed list of domain 06 §4: nobody is called this."""
PERSON_NAMES_EN = {name: f"Ceshi {pinyin}" for name, pinyin in zip(PERSON_NAMES, PINYIN, strict=True)}


@dataclass(frozen=True, slots=True)
class Name:
    """A name in Chinese and in pinyin or English."""

    zh: str
    en: str

    def plus(self, zh: str, en: str) -> "Name":
        """Return the name with a word after it; pinyin endings join, English words stand apart."""
        joint = "" if en.islower() else " "
        return Name(self.zh + zh, self.en + joint + en)


class Names:
    """Names that are given once each."""

    def __init__(self, seed: int, part: str = "estates") -> None:
        self._draws = Draws(seed, f"names of {part}")
        self._left = [(a, b) for a in FIRST for b in SECOND if FIRST[a] != SECOND[b]]
        taken = {"云溪", "松岚", "澄湾", "鹿鸣", "望榆", "柳浦", "禾塘", "晴川"}
        self._left = [(a, b) for a, b in self._left if a + b not in taken]

    def root(self) -> Name:
        """Return a new name of two characters."""
        at = self._draws.whole(0, len(self._left) - 1)
        self._left[at], self._left[-1] = self._left[-1], self._left[at]
        a, b = self._left.pop()
        return Name(a + b, (FIRST[a] + SECOND[b]).capitalize())

    def estate(self, root: Name) -> Name:
        """Return the name of a housing estate on that root."""
        suffix = self._draws.pick(tuple(SUFFIXES))
        return root.plus(suffix, SUFFIXES[suffix])
