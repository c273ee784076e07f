"""The riser rule on tables: what is proposed, and what looks like it and is not."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from huitian.cases.risers import Home, Riser, RiserRule, proposed, room_of

RULE = RiserRule(Decimal("0.60"), Decimal("0.10"), 3)


def block(n_units: int = 2, n_floors: int = 6, n_rooms: int = 3) -> list[Home]:
    """Return the homes of a building, such as ``1-402``."""
    return [
        Home(f"{unit}-{floor}{room:02d}", str(unit), floor, f"{floor}{room:02d}")
        for unit in range(1, n_units + 1) for floor in range(1, n_floors + 1) for room in range(1, n_rooms + 1)
    ]  # fmt: skip


def cold(*homes: str, code: str = "A12") -> dict[str, Mapping[str, int]]:
    """Return one case each."""
    return {home: {code: 1} for home in homes}


def test_homes_above_one_another_are_proposed() -> None:
    """Five of six, nobody else; the silent one between them belongs to it."""
    found = proposed(block(), cold("1-102", "1-202", "1-402", "1-502", "1-602"), RULE)
    assert found == Riser(
        "1", "02", "A12", ("1-102", "1-202", "1-302", "1-402", "1-502", "1-602"),
        ("1-102", "1-202", "1-402", "1-502", "1-602"), 30, 0,
    )  # fmt: skip


def test_a_part_of_the_floors_is_a_riser() -> None:
    """A valve may feed floors 9 to 15 of 18: the homes are those from the lowest to the highest."""
    cases = cold("2-1502", "2-1402", "2-1302", "2-1102", "2-1002", "2-902")
    found = proposed(block(3, 18), cases, RULE)
    assert found is not None
    assert (found.unit_no, found.room, found.dwelling_ids[0], found.dwelling_ids[-1]) == (
        "2", "02", "2-902", "2-1502",
    )  # fmt: skip
    assert (len(found.dwelling_ids), len(found.with_ids), found.n_others) == (7, 6, 144)


@pytest.mark.parametrize(
    ("why", "homes", "cases"),
    [
        ("no dwellings", [], cold("1-101")),
        ("no cases", block(), {}),
        ("one home, however many cases", block(), {"1-102": {"A12": 9}}),
        ("two homes", block(), cold("1-102", "1-202")),
        ("several kinds, none in common",
         block(), cold("1-102", "1-202") | cold("1-302", "1-402", code="A09")),
        ("nobody knows the kind", block(), cold("1-102", "1-202", "1-302", code="")),
        ("too thin: three of six", block(), cold("1-102", "1-302", "1-602")),
        ("the whole building has it", block(), cold(*(home.dwelling_id for home in block()))),
        ("others have it: four of thirty", block(),
         cold("1-102", "1-202", "1-302", "1-402", "1-103", "2-101", "2-203", "2-503")),
        ("two risers of two: each is the other's others", block(1, 6, 2),
         cold("1-101", "1-201", "1-301", "1-102", "1-202", "1-302")),
        ("one riser in all", block(1, 6, 1), cold("1-101", "1-201", "1-301", "1-401")),
        ("floors are not known", [Home(f"h{n}", "1", None, f"{n}02") for n in range(1, 7)], cold("h1", "h2", "h3")),
        ("rooms are not known", [Home(f"h{n}", "1", n, None) for n in range(1, 7)], cold("h1", "h2", "h3")),
        ("side by side is no riser", block(), cold("1-101", "1-102", "1-103")),
    ],
)  # fmt: skip
def test_nothing_is_proposed(why: str, homes: list[Home], cases: Mapping[str, Mapping[str, int]]) -> None:
    """What is no riser."""
    assert proposed(homes, cases, RULE) is None, why


def test_shares_hold_on_their_very_edge() -> None:
    """Exactly 60 % of the own and exactly 10 % of the others are enough; one home more or less is not."""
    homes = block(2, 10, 2)
    own = ("1-101", "1-201", "1-301", "1-401", "1-501", "1-1001")
    others = ("1-102", "2-101", "2-902")
    assert proposed(homes, cold(*own, *others), RULE) is not None
    assert proposed(homes, cold(*own, *others, "2-102"), RULE) is None
    assert proposed(homes, cold(*own[1:], "1-101", *others), RULE) is not None
    assert proposed(homes, cold("1-101", "1-201", "1-301", "1-401", "1-1001"), RULE) is None


def test_of_two_risers_the_one_with_more_homes() -> None:
    """In a large building both stand out; several kinds in a home count each for themselves."""
    upper = cold("3-101", "3-201", "3-301", code="A09")
    cases = upper | {home: {"A12": 2, "A04": 1} for home in ("1-102", "1-202", "1-302", "1-402")}
    found = proposed(block(3, 18), cases, RULE)
    assert found is not None
    assert (found.unit_no, found.room, found.category_code) == ("1", "02", "A04")
    assert proposed(block(3, 18), upper, RULE) is not None


def test_a_basement_lies_below_its_column() -> None:
    """``B102`` on floor −1 is room 02; a home without a room takes no part and is not counted."""
    homes = [*block(), Home("1-B102", "1", -1, "B102"), Home("lost", "1", None, None)]
    found = proposed(homes, cold("1-B102", "1-102", "1-202", "lost"), RULE)
    assert found is not None
    assert found.dwelling_ids == ("1-B102", "1-102", "1-202")
    assert (found.n_others, found.n_others_with) == (30, 0)


def test_a_number_without_its_floor_stands_for_itself() -> None:
    """Rooms are told as they are on the door."""
    assert room_of(Home("h", "1", 15, "1502")) == "02"
    assert room_of(Home("h", "1", 2, "甲")) == "甲"
    assert room_of(Home("h", "1", 12, "12")) == "12"
