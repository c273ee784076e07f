"""The life of a demo city whose clock runs: letters come in and bodies act, by the doors that people use."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from huitian.app.city import OpenCity
from huitian.clock import day_of
from huitian.errors import HuitianError
from huitian.model.query import Condition, Query, Row
from huitian.model.scope import Scope
from huitian.simulate.coming import Coming, Onward, onward
from huitian.simulate.homes import Home, Spot
from huitian.simulate.organisations import CENTRE_ID

LOG = logging.getLogger("huitian.life")
EVERY_S = 1.0
MOST_STEPS = 20
"""Steps in one go: what is due at the start is worked off, and readers are never kept waiting."""
EVERY_ROW = 1_000_000
PAST_DAYS = 30


class Life:
    """Lets a city live as its clock goes on.

    Args:
        city: An open demo city.
    """

    def __init__(self, city: OpenCity) -> None:
        self._city = city
        self._seed = city.settings.demo_seed
        self._until = city.clock.now()
        self._onward: dict[str, tuple[int, Onward | None]] = {}
        self._coming: Coming | None = None

    def pass_time(self) -> tuple[int, int]:
        """Take the letters that came in and the steps that are due since the last time; returns how many."""
        now, since = self._city.clock.now(), self._until
        self._until = now
        letters = self._letters_to_come().letters(since, now)
        for letter in letters:
            self._city.letters.open_case(letter)
        return len(letters), self._act(now)

    def _letters_to_come(self) -> Coming:
        if self._coming is None:
            records, planner = self._city.engine.records, self._city.planner
            since = self._until - timedelta(days=PAST_DAYS)
            recent = Query("case", (Condition("reported_at", "ge", since),), ("case_id",), limit=1)
            n = records.read(planner.system("case"), recent).n_total
            columns = ("building_id", "name", "lon", "lat", "n_units")
            rows = records.read(
                planner.system("building"), Query("building", columns=columns, limit=EVERY_ROW)
            ).rows
            spots = [Spot(r["building_id"], r["name"], r["lon"], r["lat"], r["n_units"] or 0) for r in rows
                     if r["lon"] is not None and r["name"]]  # fmt: skip
            # The city is made with a trouble in its last hours: after a start the next comes on another day.
            tomorrow = day_of(self._until) + timedelta(days=1)
            self._coming = Coming(self._seed, spots, n / PAST_DAYS, self._homes_of, tomorrow)
        return self._coming

    def _homes_of(self, building_id: str) -> list[Home]:
        where = (Condition("building_id", "eq", building_id),)
        columns = ("dwelling_id", "unit_no", "floor_no", "room_no", "occupancy_state")
        allowed = self._city.planner.system("dwelling")
        rows = self._city.engine.records.read(
            allowed, Query("dwelling", where, columns, limit=EVERY_ROW)
        ).rows
        # Homes that somebody loaded beside may not say where they lie.
        lie = [row for row in rows if row["unit_no"] and row["floor_no"] is not None and row["room_no"]]
        return [
            Home(row["dwelling_id"], row["unit_no"], row["room_no"])
            for row in sorted(lie, key=lambda row: (row["unit_no"], row["floor_no"], row["room_no"]))
            if row["occupancy_state"] != "vacant"
        ]

    def _act(self, now: datetime) -> int:
        due = sorted(self._due(now), key=lambda one: one[1].due_at)
        n_taken = 0
        for case, step in due[:MOST_STEPS]:
            try:
                self._take(case, step, now)
            except HuitianError as error:
                # Somebody at a screen was faster, or it is no longer possible: the case is looked at again.
                LOG.info("%s of %s was not taken: %s", step.action, case["case_no"], error.code)
            else:
                n_taken += 1
            self._onward.pop(case["case_id"], None)
        return n_taken

    def _due(self, now: datetime) -> Iterator[tuple[Row, Onward]]:
        city = self._city
        columns = ("case_id", "case_no", "version", "channel", "state", "grade", "ladder_level", "category_code",
                   "place_id", "owner_org_id", "reported_at", "dispatched_at", "contacted_at", "replied_at",
                   "visited_at")  # fmt: skip
        is_open = Condition("state", "ne", "closed")
        allowed = city.planner.system("case")
        rows = city.engine.records.read(allowed, Query("case", (is_open,), columns, limit=EVERY_ROW)).rows
        known, self._onward = self._onward, {}
        for row in rows:
            kept = known.get(row["case_id"])
            if kept is None or kept[0] != row["version"]:
                kept = (row["version"], onward(self._seed, row))
            self._onward[row["case_id"]] = kept
            if kept[1] is not None and kept[1].due_at <= now:
                yield row, kept[1]

    def _take(self, case: Row, step: Onward, now: datetime) -> None:
        facts = dict(step.facts)
        if step.action == "dispatch":
            best = self._city.owners.for_place(
                case["category_code"], case["place_id"], case["ladder_level"], 1
            )
            if not best:
                return
            facts |= {"org_id": best[0]["org_id"], "is_suggested": True}
        scope = Scope("demo-life", None, "V2", "system", case["owner_org_id"] if step.by_owner else CENTRE_ID)
        key = f"life-{case['case_id']}-{case['version']}"
        self._city.log.take(scope, case["case_id"], step.action, case["version"], key, facts, step.words)


@contextmanager
def living(city: OpenCity) -> Iterator[None]:
    """Let a demo city live until the block is left."""
    life, is_over = Life(city), threading.Event()

    def live() -> None:
        while not is_over.wait(EVERY_S):
            try:
                life.pass_time()
            except HuitianError as error:
                LOG.warning("the demo city stands still for a moment: %s", error.code)

    thread = threading.Thread(target=live, name="life of the demo city", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join(30)
