"""Opening a city folder, and making a new one.

A city folder holds ``city.toml`` (settings), ``store/`` (records), ``files/`` (photos), and where the city has
its own ``ladders/*.toml`` and ``calendar/*.toml``.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huitian.api.city import Demo, LetterBox, LetterViews
from huitian.app.stores import make_store, open_store
from huitian.audit import Audit, Purposes
from huitian.audit.declared import opened_to, read_purposes
from huitian.base.entities import ENTITIES
from huitian.base.places import place_row, renumber
from huitian.base.planner import Planner
from huitian.base.roles import read_roles
from huitian.base.stages import Stages
from huitian.care.identity import new_city_id
from huitian.cases.following import Following
from huitian.cases.ladder import read_ladders
from huitian.cases.letters import Letters
from huitian.cases.log import CaseLog
from huitian.cases.owners import Owners
from huitian.cases.parts import CaseParts
from huitian.cases.similar import SimilarCases
from huitian.cases.stories import StoryIntake
from huitian.cases.views import CaseViews
from huitian.clock import Clock, SystemClock, read_calendar
from huitian.engine.ports import Engine
from huitian.errors import CityExists, WrongSide
from huitian.indicators import Indicators
from huitian.indicators.cubes.declared import built_in
from huitian.indicators.cubes.kept import Releases
from huitian.model.place import Place, Tree
from huitian.model.query import Row
from huitian.plugin import Packs, discover
from huitian.scenarios import BUILT_IN
from huitian.settings import CITY_FILE, Settings, city_text, read_settings


@dataclass(frozen=True, slots=True)
class OpenCity:
    """One open city; what the server, the commands and the tests work with.

    Attributes:
        settings: Its settings.
        folder: Its folder.
        clock: The time.
        engine: The stores.
        planner: Permission for every read.
        parts: What the case engine works with.
        log: Steps on cases.
        letters: Letters of residents.
        cases: Cases as screens show them.
        owners: Suggested owners.
        similar: Closed cases that are like one.
        following: Letters as their writers see them.
        stories: Whole cases from elsewhere.
        indicators: All figures.
        packs: All scenarios.
        stages: Which of them is off, in pilot or on where.
        audit: Who looked at what, and why.
        purposes: What was stated before a look.
        demo: What only the demo city has; None in every other.
    """

    settings: Settings
    folder: Path
    clock: Clock
    engine: Engine
    planner: Planner
    parts: CaseParts
    log: CaseLog
    letters: LetterBox
    cases: CaseViews
    owners: Owners
    similar: SimilarCases
    following: LetterViews
    stories: StoryIntake
    indicators: Indicators
    packs: Packs
    stages: Stages
    audit: Audit
    purposes: Purposes
    demo: Demo | None = None

    def close(self) -> None:
        """Give everything back."""
        self.engine.close()


def open_city(
    folder: Path, settings: Settings | None = None, clock: Clock | None = None, demo: Demo | None = None
) -> OpenCity:
    """Open a city folder.

    Args:
        folder: The city folder.
        settings: Its settings; None reads ``city.toml`` and the environment.
        clock: The time; None is the machine's.
        demo: Accounts that everybody may try, for the demo city.

    Raises:
        CityMissing: There is no city in the folder.
        WrongSide: It is the folder of an outside host.
        StoreLocked: It is being moved.
        StoreTooNew: A newer Huitian wrote it; of other troubles of the store see ``open_store``.
    """
    own = settings or read_settings(folder)
    if own.is_outside:
        raise WrongSide(home=str(folder), side_zh="对外主机", side_en="an outside host")
    engine = open_store(folder, own)
    try:
        if engine.kind == "scaled":
            # A load or a new account is as good a reason as a server not to move the city away meanwhile.
            engine.hold()
        return compose(engine, folder, own, clock or SystemClock(), demo)
    except BaseException:
        engine.close()
        raise


def compose(engine: Engine, folder: Path, settings: Settings, clock: Clock, demo: Demo | None) -> OpenCity:
    """Join the rooms to one city."""
    engine.watch.slow_ms = settings.slow_query_ms
    purposes = read_purposes(folder)
    planner = Planner(
        engine.records,
        clock,
        settings.k_outside,
        settings.k_inside,
        settings.default_tree,
        read_roles(folder).opening(opened_to(purposes)),
    )
    audit = Audit(engine.records, clock, planner, settings.looks_a_day_alarm)
    planner.record = audit.write
    calendar = read_calendar(folder / "calendar", settings.working_hours, settings.working_day_h)
    ladders = read_ladders(folder / "ladders", settings.working_day_h)
    parts = CaseParts(engine.records, planner, ladders, calendar, clock, settings)
    log = CaseLog(parts)
    letters = Letters(parts, log)
    packs = discover(BUILT_IN)
    releases = Releases(engine.records, planner, settings, built_in())
    return OpenCity(
        settings=settings,
        folder=folder,
        clock=clock,
        engine=engine,
        planner=planner,
        parts=parts,
        log=log,
        letters=letters,
        cases=CaseViews(parts),
        owners=Owners(parts),
        similar=SimilarCases(parts),
        following=Following(parts, letters),
        stories=StoryIntake(parts),
        indicators=Indicators(planner, settings, packs.numbers(), calendar, releases),
        packs=packs,
        stages=Stages(engine.records, planner, clock),
        audit=audit,
        purposes=Purposes(engine.records, planner, clock, purposes),
        demo=demo,
    )


def make_city(folder: Path, values: dict[str, Any], root: Place, tree: Tree) -> OpenCity:
    """Make a new city folder with one root place, and open it.

    Args:
        folder: A folder that is empty or not there yet.
        values: Settings that differ from their defaults.
        root: Top of the tree.
        tree: The tree.

    Raises:
        CityExists: There is a city in the folder already.
    """
    if (folder / CITY_FILE).exists():
        raise CityExists(home=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    text = city_text(values)
    (folder / CITY_FILE).write_text(text, encoding="utf-8")
    try:
        settings = read_settings(folder)
        engine = make_store(folder, settings)
    except BaseException:
        (folder / CITY_FILE).unlink()
        raise
    city = compose(engine, folder, settings, SystemClock(), None)
    with engine.records.writing() as writing:
        writing.put("tree", [tree_row(tree)])
        writing.put("place", [place_row(root)])
        renumber(writing, city.planner.raw, tree.tree_id)
        writing.add("category", city.parts.categories.rows())
        writing.add("city_fact", [new_city_id()])
    city.planner.refresh()
    return city


def tree_row(tree: Tree) -> Row:
    """Return the stored row of a tree."""
    return {
        "tree_id": tree.tree_id, "title_zh": tree.title_zh, "title_en": tree.title_en, "levels": list(tree.levels),
    }  # fmt: skip


def entity_key(entity: str) -> str:
    """Return the first key column of an entity."""
    return ENTITIES[entity].key[0]
