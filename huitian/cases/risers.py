"""The riser rule: homes above one another that share a trouble which hardly anybody else in the building has. Pure.

Source: domain 07 §4 and the design of the 爬楼图 (§7); shares, hours and the fewest homes are settings [default].
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

BELOW = re.compile(r"^[BbＢ-]+")


@dataclass(frozen=True, slots=True)
class Home:
    """A home and where it lies in its building.

    Attributes:
        dwelling_id: Its code.
        unit_no: Its unit; None where not known.
        floor_no: Its floor, negative below ground; None where not known.
        room_no: Its room number; None where not known.
    """

    dwelling_id: str
    unit_no: str | None
    floor_no: int | None
    room_no: str | None


@dataclass(frozen=True, slots=True)
class RiserRule:
    """When a riser is proposed.

    Attributes:
        own_share: At least this share of its homes have cases of one category.
        others_share: At most this share of the homes of the other risers have.
        least_homes: At least so many of its homes have.
    """

    own_share: Decimal
    others_share: Decimal
    least_homes: int


@dataclass(frozen=True, slots=True)
class Riser:
    """Homes above one another with one trouble.

    Attributes:
        unit_no: The unit; empty where the building has none.
        room: Its position on the floor, such as ``02``.
        category_code: What they have in common.
        dwelling_ids: Its homes from the lowest to the highest that have it, from the bottom up.
        with_ids: Those of them that have it.
        n_others: Homes of the other risers.
        n_others_with: Those of them that have it.
    """

    unit_no: str
    room: str
    category_code: str
    dwelling_ids: tuple[str, ...]
    with_ids: tuple[str, ...]
    n_others: int
    n_others_with: int

    @property
    def own_share(self) -> float:
        """Share of its homes that have it."""
        return len(self.with_ids) / len(self.dwelling_ids)


def room_of(home: Home) -> str | None:
    """Return the position on its floor: of ``1502`` on floor 15 ``02``; a number without its floor is itself."""
    if not home.room_no or home.floor_no is None:
        return None
    bare, floor = BELOW.sub("", home.room_no), str(abs(home.floor_no))
    return bare[len(floor) :] if bare.startswith(floor) and len(bare) > len(floor) else home.room_no


def columns_of(homes: Iterable[Home]) -> dict[tuple[str, str], list[Home]]:
    """Return the homes of each riser from the bottom up; homes of which floor or room is not known are in none."""
    found: dict[tuple[str, str], list[Home]] = defaultdict(list)
    for home in homes:
        room = room_of(home)
        if room is not None:
            found[home.unit_no or "", room].append(home)
    for column in found.values():
        column.sort(key=lambda one: (one.floor_no or 0, one.dwelling_id))
    return dict(found)


def proposed(homes: Sequence[Home], cases: Mapping[str, Mapping[str, int]], rule: RiserRule) -> Riser | None:
    """Return the riser that stands out; None where none does.

    A pipe or a valve may feed a part of the floors, so the homes of a riser are those from the lowest to the highest
    that has the trouble. Of several risers the one with most homes that have it is taken, then the one with the larger
    share, then the first.

    Args:
        homes: All homes of the building.
        cases: Home → category → cases of the last hours; a category that is not known, "", is no trouble in common.
        rule: When a riser is proposed.
    """
    columns = columns_of(homes)
    n_homes = sum(len(column) for column in columns.values())
    with_of: dict[str, int] = defaultdict(int)
    for column in columns.values():
        for home in column:
            for code, n in cases.get(home.dwelling_id, {}).items():
                with_of[code] += n > 0
    found: list[Riser] = []
    for (unit_no, room), column in columns.items():
        codes = {code for home in column for code in cases.get(home.dwelling_id, {}) if code}
        for code in codes:
            at = [n for n, home in enumerate(column) if cases.get(home.dwelling_id, {}).get(code, 0) > 0]
            if len(at) < rule.least_homes:
                continue
            part = column[at[0] : at[-1] + 1]
            riser = Riser(
                unit_no, room, code, tuple(home.dwelling_id for home in part),
                tuple(column[n].dwelling_id for n in at), n_homes - len(column), with_of[code] - len(at),
            )  # fmt: skip
            if stands_out(riser, rule):
                found.append(riser)
    found.sort(key=lambda one: (-len(one.with_ids), -one.own_share, one.category_code, one.unit_no, one.room))
    return found[0] if found else None


def stands_out(riser: Riser, rule: RiserRule) -> bool:
    """Return whether the shares are as the rule wants; where there is no other riser, nothing can stand out."""
    own, others = Decimal(len(riser.with_ids)), Decimal(riser.n_others_with)
    return (
        riser.n_others > 0
        and own >= rule.own_share * len(riser.dwelling_ids)
        and others <= rule.others_share * riser.n_others
    )
