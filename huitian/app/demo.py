"""Making the demo city: what ``simulate`` invents goes into a store by the doors that every city uses."""

import hashlib
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from huitian.api.city import Demo, DemoAccount
from huitian.api.sign_in import HASHER
from huitian.app.city import OpenCity, compose, entity_key, open_city, tree_row
from huitian.app.moving import move_city
from huitian.app.stores import make_store
from huitian.base.anchors import Standing, stand
from huitian.base.grants import Holdings, grant_row
from huitian.base.places import place_row, renumber
from huitian.care.identity import new_city_id
from huitian.clock import Clock, SystemClock
from huitian.engine.ports import Writing
from huitian.errors import CityMissing
from huitian.model.case import CaseStory
from huitian.model.grant import Grant
from huitian.model.query import Condition, Event, Query, Row
from huitian.settings import CITY_FILE, Settings, city_text, read_settings
from huitian.simulate.city import DemoCity, demo_city

LOAD_ID = "demo"
PASSWORD_FACT = "demo_password"  # noqa: S105 (its name, not the password)
STANDS = frozenset({"building", "organisation", "component"})
STORIES_AT_ONCE = 500
Progress = Callable[[str], None]


def make_demo(folder: Path, settings: Settings, clock: Clock | None = None, say: Progress = print) -> None:
    """Make the demo city in a folder, in one go or not at all.

    It is made beside the folder and moved there when it is complete, so a killed run leaves no half city.

    Args:
        folder: Where it is to be; must not hold a city.
        settings: ``demo_seed`` decides the city.
        clock: The time at which the city stands; None is the machine's.
        say: Told what is being made.
    """
    making = folder.with_name(f".{folder.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    watch = clock or SystemClock()
    say("inventing a city …")
    invented = demo_city(settings.demo_seed, watch.now())
    values = {
        "name_zh": invented.name.zh, "name_en": invented.name.en, "root_place": invented.root_place_id,
    }  # fmt: skip
    (making / CITY_FILE).write_text(city_text(values), encoding="utf-8")
    own = replace(read_settings(making), store_address="")
    city = compose(make_store(making, own), making, own, watch, None)
    try:
        write_demo(city, invented, watch.now(), say)
    finally:
        city.close()
    folder.mkdir(parents=True, exist_ok=True)
    folder.rmdir()
    making.rename(folder)


def write_demo(city: OpenCity, invented: DemoCity, now: datetime, say: Progress) -> None:
    """Write an invented city into an open, empty one."""
    records = city.engine.records
    load: Row = {
        "load_id": LOAD_ID, "kind": "simulate", "file_name": f"demo-{invented.seed}",
        "file_hash": hashlib.sha256(str(invented.seed).encode()).hexdigest(), "map_hash": "", "state": "running",
        "n_read": 0, "n_written": 0, "n_unchanged": 0, "n_rejected": 0, "n_done_rows": 0, "started_at": now,
        "finished_at": None, "load_seq": 1,
    }  # fmt: skip
    with records.writing() as writing:
        writing.add("load", [load])
        writing.put("tree", [tree_row(tree) for tree in invented.trees])
        writing.add("place", [place_row(p) | {"load_id": LOAD_ID, "load_seq": 1} for p in invented.places])
        for tree in invented.trees:
            renumber(writing, city.planner.raw, tree.tree_id)
        writing.add("lineage", [
            {"from_id": one.from_id, "to_id": one.to_id, "kind": one.kind, "changed_on": one.changed_on,
             "share_ratio": one.share_ratio} for one in invented.lineages])  # fmt: skip
        writing.add("category", city.parts.categories.rows())
    city.planner.refresh()
    n_rows = len(invented.places)
    begun_on = min(place.valid_from for place in invented.places)
    with records.writing() as writing:
        said = ""
        for entity, rows in invented.rows():
            if entity != said:
                said = entity
                say(f"writing {entity} …")
            n_rows += write_rows(city, writing, entity, rows, begun_on)
        writing.add("dispatch_rule", invented.dispatch_rules())
    say("writing letters …")
    for stories in in_batches(invented.stories()):
        with records.writing() as writing:
            city.stories.take_stories(writing, "demo", stories, LOAD_ID)
        n_rows += len(stories)
    with records.writing() as writing:
        add_accounts(writing, invented)
        for entity in (*sorted(STANDS), "case"):
            writing.learn(entity)
        done: Row = {"state": "done", "n_read": n_rows, "n_written": n_rows, "n_done_rows": n_rows}
        writing.change("load", {"load_id": LOAD_ID}, done | {"finished_at": city.clock.now()})
        writing.emit(Event("load", "load_finished", {"load_id": LOAD_ID, "n_written": n_rows}))
    records.survey()
    say("releasing counts of residents …")
    if city.indicators.releases is not None:
        city.indicators.releases.make()


def write_rows(city: OpenCity, writing: Writing, entity: str, rows: list[Row], begun_on: date) -> int:
    """Write rows of one entity with the load they came by, and where the objects among them stand."""
    has_origin = entity != "person_identity"
    marked = [row | {"load_id": LOAD_ID, "load_seq": 1} for row in rows] if has_origin else rows
    written = writing.add(entity, marked)
    if entity in STANDS:
        key = entity_key(entity)
        standings = [
            Standing(
                row[key],
                row.get("lon"),
                row.get("lat"),
                row.get("place_id"),
                row.get("valid_from") or begun_on,
            )
            for row in rows
        ]
        stand(writing, city.planner.places, entity, standings)
    return written.n_written


def in_batches(stories: Iterator[CaseStory]) -> Iterator[list[CaseStory]]:
    """Yield stories in lists, so that no transaction grows large."""
    batch: list[CaseStory] = []
    for story in stories:
        batch.append(story)
        if len(batch) == STORIES_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def add_accounts(writing: Writing, invented: DemoCity) -> None:
    """Add the demo accounts; all have one password, made anew for every demo city and shown on its front page."""
    password = secrets.token_hex(4)
    hashed = HASHER.hash(password)
    writing.add("city_fact", [{"fact": PASSWORD_FACT, "told": password}, new_city_id()])
    writing.add("user_account", [
        {"user_id": f"demo-{u.user_name}", "user_name": u.user_name, "display_name": u.display_name,
         "name_en": u.name_en, "org_id": u.org_id, "password_hash": hashed, "is_demo": True}
        for u in invented.users()])  # fmt: skip
    writing.add("grant", [
        grant_row(Grant(f"first-demo-{u.user_name}", f"demo-{u.user_name}", None, u.role, u.lens, u.place_id))
        for u in invented.users()])  # fmt: skip


def move_demo(folder: Path, settings: Settings, say: Progress = print) -> None:
    """Take a demo city out of its folder into the database that the settings name; after a kill, once more.

    Raises:
        CityMissing: The folder holds a city that is not a demo city.
        StoreTaken: The database holds something else. Of other troubles see ``move_city``.
    """
    named = read_settings(folder, environment={}).store_address
    if not settings.store_address or named:
        return
    own = replace(settings, store_address="")
    open_demo(folder, own).close()
    say("moving it to PostgreSQL …")
    move_city(folder, own, settings.store_address, lambda *_: None)


def open_demo(folder: Path, settings: Settings, clock: Clock | None = None) -> OpenCity:
    """Open a demo city with its accounts.

    Raises:
        CityMissing: The folder holds a city that is not a demo city.
    """
    city = open_city(folder, settings, clock)
    planner = city.planner
    facts = city.engine.records.read(
        planner.system("city_fact"), Query("city_fact", (Condition("fact", "eq", PASSWORD_FACT),))
    ).rows
    if not facts:
        city.close()
        raise CityMissing(home=str(folder))
    accounts = city.engine.records.read(
        planner.system("user_account"), Query("user_account", (Condition("is_demo", "eq", True),))
    ).rows
    holdings = Holdings(city.engine.records, planner, city.clock)
    users = tuple(
        DemoAccount(row["user_name"], row["display_name"], row["name_en"], sets[0].scope.role)
        for row in accounts
        if (sets := holdings.sets_of(row))
    )
    return compose(city.engine, folder, settings, city.clock, Demo(users, facts[0]["told"]))
