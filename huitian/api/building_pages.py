"""A building with what is inside, as far as the reader may look."""

from collections import Counter
from datetime import datetime

from huitian.api.city import City
from huitian.api.place_pages import open_at
from huitian.api.wire.objects import BuildingPage, Dwelling, Floor, Riser, Unit
from huitian.base.planner import Planner
from huitian.cases.homes import CasesOfHomes, by_building
from huitian.cases.risers import Home, RiserRule, proposed
from huitian.errors import NotAllowed, NotFound
from huitian.model.query import Condition, Query, Row, Tally
from huitian.model.scope import Scope

MOST_INSIDE = 20_000
"""More than any building has; the tallest have some thousands of homes."""
FACTS = ("building_id", "name", "name_en", "place_id", "use", "structure", "n_floors_above", "n_floors_below",
         "n_units", "n_dwellings", "height_m", "built_year", "lon", "lat")  # fmt: skip


def building_page(city: City, scope: Scope, building_id: str, lang: str = "zh") -> BuildingPage:
    """Return a building; places above it are named in ``lang``, ``zh`` or ``en``.

    Raises:
        NotFound: There is none of that code in the reader's place.
    """
    planner = city.planner
    allowed = planner.allow(scope, "building")
    query = Query("building", (Condition("building_id", "eq", building_id),), limit=2,
                  columns=(*FACTS, "attributes", "load_id"))  # fmt: skip
    rows = planner.read(allowed, query).rows
    if not rows:
        raise NotFound(entity="building", object_id=building_id)
    row = rows[0]
    is_staff = scope.lens != "V1"
    dwellings = inside(planner, scope, "dwelling", building_id)
    cases = city.cases.of_homes(scope, building_id) if dwellings else None
    recent = cases.recent if cases else {}
    of_unit = Counter(d["unit_no"] for d in dwellings)
    of_floor = Counter((d["unit_no"], d["floor_no"]) for d in dwellings)
    path = planner.places.path(row["place_id"]) if row["place_id"] else []
    named = [place.called(lang) for place in path[1:] or path]
    return BuildingPage(
        **{name: row[name] for name in FACTS},
        place_path=" / ".join(named) or None,
        attributes=(row["attributes"] or {}) if is_staff else {},
        load_id=row["load_id"] if is_staff else None,
        n_cases=n_open_cases(planner, scope, building_id, allowed.as_of),
        units=[
            Unit(unit["unit_no"], unit["n_floors"], of_unit[unit["unit_no"]])
            for unit in inside(planner, scope, "unit", building_id)
        ],
        floors=[
            Floor(f["unit_no"], f["floor_no"], of_floor[f["unit_no"], f["floor_no"]])
            for f in inside(planner, scope, "floor", building_id)
        ],
        dwellings=[
            Dwelling(
                d["dwelling_id"], d["unit_no"], d["floor_no"], d["room_no"], d["occupancy_state"],
                d["floor_area_m2"], cases.n_open.get(d["dwelling_id"], 0) if cases else None,
                recent.get(d["dwelling_id"], {}),
            )
            for d in dwellings
        ],
        recent_h=city.settings.riser_hours,
        riser=riser_of(city, dwellings, cases) if cases else None,
        as_of=allowed.as_of,
    )  # fmt: skip


def riser_of(city: City, dwellings: list[Row], cases: CasesOfHomes) -> Riser | None:
    """Return the riser that is proposed; None where none stands out."""
    settings = city.settings
    rule = RiserRule(settings.riser_own_share, settings.riser_others_share, settings.riser_least_homes)
    homes = [Home(d["dwelling_id"], d["unit_no"], d["floor_no"], d["room_no"]) for d in dwellings]
    found = proposed(homes, cases.recent, rule)
    if found is None:
        return None
    told = {case_id for home in found.with_ids for case_id in cases.recent_ids[home][found.category_code]}
    return Riser(
        found.unit_no, found.room, found.category_code, list(found.dwelling_ids), list(found.with_ids),
        found.n_others, found.n_others_with, [case_id for case_id in cases.newest if case_id in told],
    )  # fmt: skip


def inside(planner: Planner, scope: Scope, entity: str, building_id: str) -> list[Row]:
    """Return the units, floors or dwellings of a building; none where the reader may not look inside."""
    sort = {
        "unit": ("unit_no",),
        "floor": ("unit_no", "floor_no"),
        "dwelling": ("unit_no", "floor_no", "dwelling_id"),
    }
    query = Query(
        entity, (Condition("building_id", "eq", building_id),), sort=sort[entity], limit=MOST_INSIDE
    )
    try:
        return list(planner.read(planner.allow(scope, entity), query).rows)
    except NotAllowed:
        return []


def n_open_cases(planner: Planner, scope: Scope, building_id: str, as_of: datetime) -> int | None:
    """Return the open cases of a building; None where the reader may not tie a case to a building."""
    allowed = by_building(planner, scope)
    if allowed is None:
        return None
    where = (*open_at(as_of), Condition("building_id", "eq", building_id))
    rows = planner.tally(allowed, Tally("case", where))
    return int(rows[0]["n"]) if rows else 0
