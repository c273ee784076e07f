"""Stating a purpose: who, for what, about whom, until when. It is over by itself, and can be ended before."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import NoReturn

from huitian.audit.declared import DeclaredPurpose
from huitian.base.entities import ENTITIES
from huitian.base.personal_words import free_text
from huitian.base.planner import Planner
from huitian.clock import Clock
from huitian.engine.ports import Records
from huitian.errors import NotAllowed, NotFound, PurposeUnfit
from huitian.model.audit import Entry, Subject
from huitian.model.query import AnyOf, Condition, Query, Row
from huitian.model.scope import AboutKind, Purpose, Scope

MOST_TICKET_CHARS = 40
MOST_LIVE = 50
"""Purposes that one person may have stated at a time."""


class Purposes:
    """The purposes of one city.

    Args:
        records: The store.
        planner: Permissions.
        clock: The time.
        declared: What may be stated.
    """

    def __init__(
        self, records: Records, planner: Planner, clock: Clock, declared: Mapping[str, DeclaredPurpose]
    ) -> None:
        self._records = records
        self._planner = planner
        self._clock = clock
        self.declared = declared

    def of(self, scope: Scope) -> list[DeclaredPurpose]:
        """Return the purposes that a reader may state."""
        if not self._planner.roles.of(scope.role).may_ask_v3 or scope.lens == "V1":
            return []
        mine = [one for one in self.declared.values() if scope.role in one.roles]
        # A lens V2 keeps its masks: for it a purpose only opens rows of persons and households.
        return mine if scope.lens == "V3" else [one for one in mine if opens_protected(one)]

    def rows(self, scope: Scope) -> list[Row]:
        """Return what a reader stated and is not over, the newest first."""
        query = Query("purpose_taken", (
            Condition("user_id", "eq", scope.user_id), Condition("until_at", "gt", self._clock.now())),
            sort=("-taken_at",), limit=MOST_LIVE)  # fmt: skip
        return list(self._planner.read(self._planner.system("purpose_taken"), query).rows)

    def live(self, scope: Scope) -> tuple[Purpose, ...]:
        """Return what a reader stated and is not over, as the planner takes it."""
        allowed = {one.purpose_id: one for one in self.of(scope)}
        if not allowed:
            return ()
        return tuple(
            Purpose(
                row["taking_id"], row["purpose_id"], row["ticket"] or "", allowed[row["purpose_id"]].opens,
                row["about_entity"], self._subjects(row["about_entity"], row["about_id"]),
                row["about_id"] if row["about_entity"] == "place" else None, row["until_at"],
            )
            for row in self.rows(scope) if row["purpose_id"] in allowed
        )  # fmt: skip

    def _subjects(self, about: AboutKind, about_id: str) -> frozenset[str]:
        if about != "household":
            return frozenset({about_id} if about == "case" else ())
        today = self._planner.today()
        # Who moved out, or has not moved in, is not visited: a purpose is about who lives there today.
        lives = (
            Condition("dwelling_id", "eq", about_id),
            AnyOf((Condition("valid_from", "is_null"), Condition("valid_from", "le", today))),
            AnyOf((Condition("valid_to", "is_null"), Condition("valid_to", "gt", today))),
        )
        query = Query("occupancy", lives, ("household_id",), limit=500)
        rows = self._planner.read(self._planner.system("occupancy"), query).rows
        return frozenset({about_id, *(row["household_id"] for row in rows)})

    def take(
        self, scope: Scope, purpose_id: str, about: AboutKind, about_id: str, minutes: int, ticket: str = "", *,
        is_confirmed: bool = False,
    ) -> Row:  # fmt: skip
        """State a purpose; the same one again, while it runs, is prolonged rather than doubled.

        Args:
            scope: Who states it.
            purpose_id: Which.
            about: Kind of what it is about; of ``household`` the id is that of the home.
            about_id: Inner id of the case, home or place.
            minutes: For how long.
            ticket: Number of the piece of work.
            is_confirmed: Whether it was confirmed a second time.

        Raises:
            NotAllowed: The role states no such purpose.
            NotFound: There is no such case, home or place that the reader may see.
            PurposeUnfit: A ticket or a confirmation is missing, or it takes too long.
        """
        declared = next((one for one in self.of(scope) if one.purpose_id == purpose_id), None)
        if declared is None:
            raise NotAllowed(why=f"{scope.role}: {purpose_id}")
        self._check(declared, about, minutes, ticket, is_confirmed=is_confirmed)
        place_id = self._place_of(scope, about, about_id)
        now = self._clock.now()
        live = [r for r in self.rows(scope) if (r["about_entity"], r["about_id"]) == (about, about_id)]
        old = next((r for r in live if r["purpose_id"] == purpose_id and (r["ticket"] or "") == ticket), None)
        row: Row = {
            "taking_id": old["taking_id"] if old else f"p-{secrets.token_hex(8)}", "user_id": scope.user_id,
            "purpose_id": purpose_id, "ticket": ticket, "about_entity": about, "about_id": about_id,
            "place_id": place_id, "taken_at": old["taken_at"] if old else now,
            "until_at": now + timedelta(minutes=minutes), "is_confirmed": is_confirmed,
        }  # fmt: skip
        subject = Subject("dwelling" if about == "household" else about, about_id, place_id)
        with self._records.writing() as writing:
            writing.put("purpose_taken", [row])
            writing.chain([self._entry(scope, row, subject, "taken")])
        return row

    def end(self, scope: Scope, taking_id: str) -> None:
        """End a purpose before its time. Idempotent.

        Raises:
            NotFound: The reader stated none of that number.
        """
        query = Query("purpose_taken", (
            Condition("taking_id", "eq", taking_id), Condition("user_id", "eq", scope.user_id)), limit=2)  # fmt: skip
        rows = self._planner.read(self._planner.system("purpose_taken"), query).rows
        if not rows:
            raise NotFound(entity="purpose_taken", object_id=taking_id)
        now = self._clock.now()
        if rows[0]["until_at"] > now:
            row = rows[0] | {"until_at": now}
            about = "dwelling" if row["about_entity"] == "household" else row["about_entity"]
            with self._records.writing() as writing:
                writing.change("purpose_taken", {"taking_id": taking_id}, {"until_at": now})
                subject = Subject(about, row["about_id"], row["place_id"])
                writing.chain([self._entry(scope, row, subject, "ended")])

    def _entry(self, scope: Scope, row: Row, subject: Subject, what: str) -> Entry:
        opens = (
            tuple(sorted(self.declared[row["purpose_id"]].opens))
            if row["purpose_id"] in self.declared
            else ()
        )
        return Entry(
            "purpose", scope.user_id, scope.role, scope.lens, scope.grant_ids, row["about_entity"], opens, (subject,),
            row["place_id"], row["purpose_id"], row["ticket"], scope.origin.address_hash, scope.origin.route,
            scope.origin.request_id,
            {"taking_id": row["taking_id"], "what": what, "until": row["until_at"].isoformat(),
             "is_confirmed": bool(row["is_confirmed"])},
            self._clock.now(),
        )  # fmt: skip

    def _check(
        self, declared: DeclaredPurpose, about: AboutKind, minutes: int, ticket: str, *, is_confirmed: bool
    ) -> None:
        if about not in declared.about:
            unfit(f"这个用途不能针对 {about}", f"it is not stated about a {about}", "about")
        if not 1 <= minutes <= declared.most_min:
            unfit(f"最长 {declared.most_min} 分钟", f"{declared.most_min} minutes at most", "minutes")
        if declared.needs_ticket and not ticket:
            unfit("要填工单号", "it needs the number of a ticket", "ticket")
        if len(ticket) > MOST_TICKET_CHARS or any(ord(c) < 32 for c in ticket) or free_text(ticket) != ticket:
            unfit(
                "工单号不超过 40 字，不写姓名电话",
                "a ticket is at most 40 characters, no phone or ID number",
                "ticket",
            )
        if declared.is_sensitive and not is_confirmed:
            unfit("敏感信息，请再次确认", "sensitive data: confirm a second time", "is_confirmed")

    def _place_of(self, scope: Scope, about: AboutKind, about_id: str) -> str | None:
        planner = self._planner
        if about == "place":
            if about_id not in planner.places.by_id or not planner.is_inside(about_id, scope.place_ids):
                raise NotFound(entity="place", object_id=about_id)
            return about_id
        entity, key = {"case": ("case", "case_id"), "household": ("dwelling", "dwelling_id")}[about]
        query = Query(entity, (Condition(key, "eq", about_id),), ("place_id",), limit=2)
        rows = planner.read(planner.allow(scope, entity), query).rows
        if not rows:
            raise NotFound(entity=entity, object_id=about_id)
        place_id: str | None = rows[0]["place_id"]
        return place_id


def opens_protected(declared: DeclaredPurpose) -> bool:
    """Return whether a purpose opens rows of persons or households."""
    return any(ENTITIES[one.partition(".")[0]].release == "protected" for one in declared.opens)


def unfit(zh: str, en: str, field: str) -> NoReturn:
    """Refuse a statement.

    Raises:
        PurposeUnfit: Always.
    """
    raise PurposeUnfit(why=f"{zh} · {en}", field=field)
