"""What became of places: splits, merges, new names, new codes, by how outlines overlap."""

from datetime import date

import shapely

from huitian.base.lineage import lineage_of
from huitian.model.place import Lineage, Place

DAY = date(2025, 7, 1)
BEFORE = date(2000, 1, 1)


def place(code: str, box: tuple[float, float, float, float] | None, begin: date, end: date | None = None,
          name: str = "") -> Place:  # fmt: skip
    outline = None if box is None else shapely.to_wkb(shapely.box(*box))
    return Place(
        f"admin:{code}", "admin", code, "street", name or code, "admin:99", begin, end, geometry=outline
    )


def found(*places: Place) -> list[tuple[str, str, str, float]]:
    return [(one.from_id[6:], one.to_id[6:], one.kind, one.share_ratio) for one in lineage_of(places)]


def test_a_split_by_area() -> None:
    old = place("1", (0, 0, 4, 1), BEFORE, DAY)
    assert found(old, place("2", (0, 0, 3, 1), DAY), place("3", (3, 0, 4, 1), DAY)) == [
        ("1", "2", "split", 0.75),
        ("1", "3", "split", 0.25),
    ]


def test_a_merge() -> None:
    olds = place("1", (0, 0, 1, 1), BEFORE, DAY), place("2", (1, 0, 2, 1), BEFORE, DAY)
    assert found(*olds, place("3", (0, 0, 2, 1), DAY)) == [("1", "3", "merge", 1.0), ("2", "3", "merge", 1.0)]


def test_a_new_name_and_a_new_code() -> None:
    box = (0.0, 0.0, 1.0, 1.0)
    assert found(place("1", box, BEFORE, DAY, "甲"), place("2", box, DAY, name="乙")) == [
        ("1", "2", "rename", 1.0)
    ]
    assert found(place("1", box, BEFORE, DAY, "甲"), place("2", box, DAY, name="甲")) == [
        ("1", "2", "recode", 1.0)
    ]


def test_borders_drawn_twice_are_no_land_that_changed_hands() -> None:
    olds = place("1", (0, 0, 1, 1), BEFORE, DAY), place("2", (1, 0, 2, 1), BEFORE, DAY)
    news = place("3", (0, 0, 1.005, 1), DAY), place("4", (1.005, 0, 2, 1), DAY)
    assert [(a, b, kind) for a, b, kind, _ in found(*olds, *news)] == [
        ("1", "3", "rename"),
        ("2", "4", "rename"),
    ]


def test_without_outlines_equal_names_are_linked() -> None:
    assert found(place("1", None, BEFORE, DAY, "甲"), place("2", None, DAY, name="甲"),
                 place("3", None, DAY, name="乙")) == [("1", "2", "recode", 1.0)]  # fmt: skip


def test_another_day_level_or_nothing_is_not_linked() -> None:
    box = (0.0, 0.0, 1.0, 1.0)
    assert found(place("1", box, BEFORE, DAY), place("2", box, date(2025, 7, 2))) == []
    assert found(place("1", box, BEFORE, DAY)) == []
    assert lineage_of([]) == []


def test_a_row_says_when() -> None:
    box = (0.0, 0.0, 1.0, 1.0)
    assert lineage_of([place("1", box, BEFORE, DAY, "甲"), place("2", box, DAY, name="乙")]) == [
        Lineage("admin:1", "admin:2", "rename", DAY, 1.0)
    ]
