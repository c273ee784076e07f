"""Masks of domain 06 §2: deterministic, not reversible; a missing value stays missing."""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from huitian.base import personal_words
from huitian.model.case import HOME
from huitian.model.query import Row
from huitian.model.scope import Mask

COMPOUND_SURNAMES = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "司徒",
    "东方",
    "独孤",
    "慕容",
    "夏侯",
    "皇甫",
    "尉迟",
    "公孙",
    "测试",
)
METRES_PER_DEGREE = 111_320.0

LEFT = re.compile(r"\d{5}")
"""Digits that a masked number does not have."""

PERSONAL_KEYS = frozenset({
    "name", "fullname", "realname", "personname", "contactname", "ownername", "contact", "contactperson", "phone",
    "mobile", "tel", "telephone", "phoneno", "phonenumber", "contactphone", "dutyphone", "email", "wechat", "qq",
    "dwellingid", "addressnote", "homeaddress",
    "idno", "idnumber", "idcard", "identity", "xm", "lxr", "lxdh", "sjh", "sfzh", "sfz", "zjhm",
})  # fmt: skip
"""Keys of a source row whose value is about a person, without case, spaces and underlines."""
PERSONAL_WORDS = (
    "姓名",
    "联系人",
    "联系方式",
    "电话",
    "手机",
    "座机",
    "身份证",
    "证件号",
    "户主",
    "称呼",
    "微信",
    "邮箱",
    "住址",
    "详细地址",
    "诉求地址",
    "房屋编码",
    "房屋编号",
    "房屋代码",
)
"""A key that holds one of these is about a person: so is, of a letter, the home that it is about."""
COUNTED_ENDS = ("persons", "people", "residents", "workers", "households", "population")
COUNTED_WORDS = ("population", "jzrk", "gzrk", "czrk", "人口", "人数", "户数", "居民数", "常住", "流动")
"""An attribute whose name ends so, or holds one of these, counts persons or households.

A mapping says it of any other attribute by a name that ends in ``_persons``.
"""


def surname(value: Any) -> str:
    """``张三丰`` → ``张某``; compound surnames keep two characters."""
    name = str(value)
    kept = name[:2] if name.startswith(COMPOUND_SURNAMES) else name[:1]
    return f"{kept}某"


def middle(value: Any) -> str:
    """``张三丰`` → ``张*丰``; of two characters the first is kept."""
    name = str(value)
    if len(name) <= 1:
        return "*"
    if len(name) == 2:
        return f"{name[0]}*"
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"


def phone(value: Any) -> str:
    """``13812345678`` → ``138****5678``; a landline keeps its area code and last four digits."""
    number = str(value)
    shown = personal_words.phones(number)
    return "*" * len(number) if shown == number or LEFT.search(shown) else shown


def id_number(value: Any) -> str:
    """Keep three and four characters: ``110***********123X``."""
    number = str(value)
    return (
        f"{number[:3]}{'*' * max(len(number) - 7, 0)}{number[-4:]}" if len(number) > 7 else "*" * len(number)
    )


def free_text(value: Any) -> str:
    """Mask phones, identity numbers, bank cards, plates and mail addresses inside a text."""
    return personal_words.free_text(str(value))


def source_row(value: Any) -> Any:
    """Mask a row as a source gave it: words inside it, and whole what its key says is about a person."""
    if isinstance(value, Mapping):
        return {k: None if is_personal(k) else source_row(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [source_row(one) for one in value]
    if isinstance(value, str):
        return free_text(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not float(value).is_integer():
        return value
    whole = str(int(value))
    return value if free_text(whole) == whole else free_text(whole)


def is_personal(key: str) -> bool:
    """Return whether a key names a person, a phone or an identity."""
    plain = plain_key(key)
    return plain in PERSONAL_KEYS or any(word in plain for word in PERSONAL_WORDS)


def uncounted(value: Any) -> Any:
    """Drop the attributes that count persons or households: such counts leave only as protected numbers."""
    if isinstance(value, Mapping):
        return {k: uncounted(v) for k, v in value.items() if not is_counted(k)}
    return [uncounted(one) for one in value] if isinstance(value, list | tuple) else value


def is_counted(key: str) -> bool:
    """Return whether an attribute counts persons or households."""
    plain = plain_key(key)
    return plain.endswith(COUNTED_ENDS) or any(word in plain for word in COUNTED_WORDS)


def plain_key(key: str) -> str:
    """Return a key without case, width, spaces and signs."""
    return "".join(c for c in unicodedata.normalize("NFKC", str(key)).casefold() if c.isalnum())


def snap(cell_m: float) -> Callable[[Any], float]:
    """Return a mask that moves a degree to the middle of its square of ``cell_m`` metres."""
    step_deg = cell_m / METRES_PER_DEGREE

    def snapped(value: Any) -> float:
        return round((math.floor(float(value) / step_deg) + 0.5) * step_deg, 6)

    return snapped


MASKS: dict[Mask, Callable[[Any], Any]] = {
    "full": lambda value: value,
    "hidden": lambda _value: None,
    "secret": lambda _value: None,
    "surname": surname,
    "middle": middle,
    "phone": phone,
    "id_number": id_number,
    "year": lambda value: str(value)[:4],
    "street": lambda _value: None,
    "snap_500": snap(500.0),
    "snap_50": snap(50.0),
    "free_text": free_text,
    "source_row": source_row,
    "uncounted": uncounted,
    "flag": bool,
    "code": lambda value: str(value)[:2],
}


def masked(rows: Sequence[Row], masks: Mapping[str, Mask]) -> list[Row]:
    """Return rows with every masked column replaced; columns without a mask are untouched."""
    if not masks:
        return list(rows)
    changes = [(name, MASKS[mask]) for name, mask in masks.items()]
    done = []
    for row in rows:
        new = dict(row)
        for name, mask in changes:
            if new.get(name) is not None:
                new[name] = mask(new[name])
        done.append(new)
    return done


def shown(entity: str, masks: Mapping[str, Mask], rows: Sequence[Row]) -> list[Row]:
    """Return rows as their reader may see them: masked, an anonymous writer not named, no home in masked words.

    Only lens V3 keeps the phone of an anonymous writer, to call back. Whether a writer is anonymous has to be
    among the columns that were read; where it is not, the writer counts as anonymous.
    """
    done = masked(rows, masks)
    if entity == "case_words" and "words" in masks:
        # A code has no pattern that a mask of words would find; where the field was not read it may be a home.
        return [
            row | {"words": None} if row.get("field", HOME) == HOME and "words" in row else row
            for row in done
        ]
    if entity != "case_contact":
        return done
    withheld = {"name", "phone"} if "phone" in masks else {"name"}
    return [
        {k: None if k in withheld and row.get("is_anonymous") in {None, True} else v for k, v in row.items()}
        for row in done
    ]
