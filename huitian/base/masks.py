"""Masks of domain 06 §2: deterministic, not reversible; a missing value stays missing."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

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

PHONE = re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")
LANDLINE = re.compile(r"(?<!\d)(010|02\d|0[3-9]\d{2})-?\d{3,4}(\d{4})(?!\d)")
ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{3})\d{11}(\d{3}[\dXx])(?![0-9A-Za-z])")
PLATE = re.compile(
    r"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼测][A-Z])[·\s]?[A-Z0-9]{2,3}([A-Z0-9]{3})"
)
EMAIL = re.compile(r"(?<![A-Za-z0-9._%+-])([A-Za-z0-9])[A-Za-z0-9._%+-]*@([A-Za-z0-9.-]+\.[A-Za-z]{2,})")


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
    masked = PHONE.sub(r"\1****\2", number)
    if masked != number:
        return masked
    masked = LANDLINE.sub(r"\1-****\2", number)
    return masked if masked != number else "*" * len(number)


def id_number(value: Any) -> str:
    """Keep three and four characters: ``110***********123X``."""
    number = str(value)
    return (
        f"{number[:3]}{'*' * max(len(number) - 7, 0)}{number[-4:]}" if len(number) > 7 else "*" * len(number)
    )


def free_text(value: Any) -> str:
    """Mask phones, identity numbers, plates and mail addresses inside a text."""
    words = ID_NUMBER.sub(r"\1***********\2", str(value))
    words = PHONE.sub(r"\1****\2", words)
    words = LANDLINE.sub(r"\1-****\2", words)
    words = PLATE.sub(r"\1·**\2", words)
    return EMAIL.sub(r"\1***@\2", words)


def snap(cell_m: float) -> Callable[[Any], float]:
    """Return a mask that moves a degree to the middle of its square of ``cell_m`` metres."""
    step_deg = cell_m / METRES_PER_DEGREE

    def snapped(value: Any) -> float:
        return round((math.floor(float(value) / step_deg) + 0.5) * step_deg, 6)

    return snapped


MASKS: dict[Mask, Callable[[Any], Any]] = {
    "full": lambda value: value,
    "hidden": lambda _value: None,
    "surname": surname,
    "middle": middle,
    "phone": phone,
    "id_number": id_number,
    "year": lambda value: str(value)[:4],
    "street": lambda _value: None,
    "snap_500": snap(500.0),
    "snap_50": snap(50.0),
    "free_text": free_text,
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
