"""Letters put together: arrival, words, contact, owner and life, as stories."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from huitian.model.case import CaseStory, StoryStep
from huitian.simulate.arrivals import LOCAL, Arrivals
from huitian.simulate.buildings import Building
from huitian.simulate.division import Division
from huitian.simulate.draws import Draws
from huitian.simulate.estates import Community, Estate
from huitian.simulate.identifiers import synthetic_phone
from huitian.simulate.letter_words import Writer
from huitian.simulate.lives import Lives, Setting, by_mailbox
from huitian.simulate.names import PERSON_NAMES
from huitian.simulate.network import Road
from huitian.simulate.organisations import CENTRE_ID, Organisations

CHANNELS = ("C01", "C02", "C04", "C09", "C05", "C07", "C06")
CHANNEL_WEIGHTS = (0.55, 0.19, 0.15, 0.05, 0.04, 0.01, 0.01)
PILOT_WEIGHTS = (0.26, 0.1, 0.48, 0.09, 0.05, 0.01, 0.01)
"""The same in the community where the mailbox is used most: its committee has tasks on the phone."""
MAILBOX = frozenset({"C04", "C09"})
"""Channels by which letters come without a phone."""
COMMITTEE_CHANNELS = frozenset({"C04", "C05", "C09"})
UTILITIES = frozenset(
    {"heat", "water", "power", "gas", "telecom", "market", "traffic", "labour", "education"}
)
WRONG = ("urban", "housing", "enforcement", "sanitation", "green", "social")
HELD_RECENT_N = 8
SURGE_HEADINGS = frozenset({"整栋楼没有暖气", "立管不热", "停水没有通知", "突然停电"})


@dataclass(frozen=True, slots=True)
class City:
    """What letters are about.

    Attributes:
        tables: Words by category.
        buildings: Buildings.
        estates: Estates.
        communities: Communities.
        network: Roads.
        organisations: Bodies.
        division: Codes and dates.
    """

    tables: Mapping[str, Mapping[str, Any]]
    buildings: Sequence[Building]
    estates: Sequence[Estate]
    communities: Sequence[Community]
    network: Sequence[Road]
    organisations: Organisations
    division: Division


def place_words(city: City, arrivals: Arrivals, at: int, where: str, draws: Draws) -> str:
    """Return the place of a letter as a resident says it."""
    if arrivals.road[at] >= 0:
        side = draws.pick(("东侧", "西侧", "路口", "公交站旁", "人行道", "非机动车道"))
        return f"{city.network[arrivals.road[at]].name}{side}"
    building = city.buildings[arrivals.building[at]]
    estate = city.estates[building.estate]
    if where == "estate":
        side = draws.pick(("北门", "南门", "东门", "西门", "中心花园", "东侧路边", "院墙外", "地面停车场"))
        return f"{estate.name.zh}{side}"
    if where == "shop" or building.n_units == 0:
        return f"{building.name}{draws.pick(('一层', '二层', '三层', '临街'))}"
    return f"{building.name}{draws.whole(1, building.n_units)}单元"


def owner_of(city: City, owner: str, building: int, community: int, is_committee: bool, draws: Draws) -> str:
    """Return the body that owns a kind of letter at a place."""
    bodies = city.organisations
    street_id = bodies.street_id[city.communities[community].street]
    if owner == "firm":
        firm = bodies.firm_id[city.buildings[building].estate] if building >= 0 else None
        return firm if firm is not None and draws.chance(0.7) else street_id
    if owner == "community":
        return bodies.committee_id[community] if is_committee else street_id
    if owner == "street" or (owner not in UTILITIES and draws.chance(0.3)):
        return street_id
    return bodies.department_id[owner]


def _held(arrivals: Arrivals, draws: Draws) -> set[int]:
    """Return which letters wait undispatched at as-of: most of the trouble, and the newest of the others."""
    n = len(arrivals.ago_s)
    surge = [i for i in range(n) if arrivals.is_surge[i]]
    held = set(surge[4:])
    recent = [i for i in range(n - 1, -1, -1) if not arrivals.is_surge[i] and arrivals.ago_s[i] < 26 * 3600]
    chosen = [i for n_newer, i in enumerate(recent) if n_newer < 3 or draws.chance(0.4)]
    return held | set(chosen[:HELD_RECENT_N])


def _pilot(arrivals: Arrivals) -> int:
    """Return the community with most letters of the last three weeks, the trouble of the last hours aside."""
    is_recent = (arrivals.ago_s < 21 * 86_400) & ~arrivals.is_surge
    return int(np.bincount(arrivals.community[is_recent]).argmax())


def write_letters(seed: int, as_of: datetime, city: City, arrivals: Arrivals) -> tuple[CaseStory, ...]:
    """Return the stories of all letters in order of time."""
    draws = Draws(seed, "letters")
    writer = Writer(Draws(seed, "letter words"))
    lives = Lives(Draws(seed, "lives"), writer, as_of)
    held, pilot = _held(arrivals, draws), _pilot(arrivals)
    codes = list(city.tables)
    stories = []
    columns = zip(
        arrivals.category.tolist(), arrivals.ago_s.tolist(), arrivals.community.tolist(),
        arrivals.building.tolist(), arrivals.lonlat.tolist(), strict=True,
    )  # fmt: skip
    for i, (category, ago_s, community, building, (lon, lat)) in enumerate(columns):
        code = codes[category]
        table = city.tables[code]
        reported_at = as_of - timedelta(seconds=ago_s)
        place = place_words(city, arrivals, i, table["where"], draws)
        situation = _situation(table, draws, is_surge=bool(arrivals.is_surge[i]))
        heading, grade = situation[0], situation[2]
        body = writer.letter(situation, place, table["where"], reported_at + LOCAL)
        channel = draws.weighted(CHANNELS, PILOT_WEIGHTS if community == pilot else CHANNEL_WEIGHTS)
        is_committee = channel in COMMITTEE_CHANNELS
        how = draws.share()
        # Where nobody says a point: mostly a community is named, of new letters sometimes nothing.
        is_placed_only = how < 0.025
        is_unlocated = not arrivals.is_surge[i] and (how > 0.996 or (ago_s < 4 * 86_400 and how > 0.95))
        owner = owner_of(city, table["owner"], building, community, is_committee, draws)
        setting = Setting(
            code, situation, grade, place, reported_at, city.communities[community].street, is_committee, i in held,
            is_unlocated or draws.chance(0.04), city.organisations.committee_id[community], owner,
            city.organisations.department_id[draws.pick(WRONG)], CENTRE_ID,
        )  # fmt: skip
        is_anonymous = channel in MAILBOX and draws.chance(0.35)
        has_point = not (is_placed_only or is_unlocated)
        stories.append(
            CaseStory(
                source_key=f"demo-{i + 1:06d}", kind="letter", channel=channel, reported_at=reported_at,
                title=f"{place}{heading}", body=body, category_code=code, grade=grade,
                lon=lon if has_point else None, lat=lat if has_point else None,
                place_id=_place_id(city.division, community, reported_at) if is_placed_only else None,
                building_id=city.buildings[building].building_id
                if has_point and building >= 0 and table["where"] != "estate" else None,
                name=None if is_anonymous else PERSON_NAMES[draws.whole(0, len(PERSON_NAMES) - 1)],
                phone=None if is_anonymous else synthetic_phone(50_000_000 + draws.whole(1, 4_000)),
                steps=without_phone(lives.live(setting)) if is_anonymous else lives.live(setting),
            )
        )  # fmt: skip
    return tuple(stories)


def without_phone(steps: Sequence[StoryStep]) -> tuple[StoryStep, ...]:
    """Return the steps of a letter whose writer cannot be called."""
    return tuple(
        replace(step, facts=facts, words=words)
        for step in steps
        for facts, words in [by_mailbox(step.facts, step.words)]
    )


def _situation(table: Mapping[str, Any], draws: Draws, *, is_surge: bool) -> Sequence[Any]:
    """Return what the letter is about; the trouble of the last hours is one trouble."""
    situations: Sequence[Sequence[Any]] = table["situations"]
    if is_surge:
        situations = [one for one in situations if one[0] in SURGE_HEADINGS]
    return draws.pick(situations)


def _place_id(division: Division, community: int, reported_at: datetime) -> str:
    """Return the community that was in force on the day of the letter."""
    code = division.community_code[community]
    if (reported_at + LOCAL).date() < division.merged_on:
        code = division.unmerged_code[community]
    return f"admin:{code}"
