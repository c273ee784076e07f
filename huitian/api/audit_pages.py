"""The audit as the auditor and a community see it."""

import csv
import io
from collections.abc import Iterable, Sequence

from huitian.api.city import City
from huitian.api.people_pages import org_names
from huitian.api.wire.audit import AuditRow, AuditRows, AuditState, HouseholdLook, HouseholdLooks, UnusualUser
from huitian.audit.reading import AuditFilter, AuditViews, guarded
from huitian.base.account_names import NAME_COLUMNS, NOBODY, account_called, accounts_called
from huitian.base.entities import ENTITIES
from huitian.errors import Language
from huitian.model.audit import Entry
from huitian.model.query import Condition, Query, Row
from huitian.model.scope import Scope

COLUMNS = ("seq", "done_at", "act", "user_id", "user_name", "role", "lens", "entity", "fields", "n_subjects",
           "subject_ids", "place_id", "purpose_id", "ticket", "route", "request_id", "row_hash")  # fmt: skip
MOST_EXPORTED = 10_000


def views_of(city: City) -> AuditViews:
    """Return the audit of a city."""
    return AuditViews(city.planner, city.clock)


def audit_rows(city: City, scope: Scope, wanted: AuditFilter, lang: str) -> AuditRows:
    """Return a page of entries."""
    page = views_of(city).rows(scope, wanted)
    rows = rows_of(city, page.rows, lang)
    is_more = len(rows) == wanted.limit and rows[-1].seq > 1
    return AuditRows(rows, page.n_total, rows[-1].seq if is_more else None)


def rows_of(city: City, rows: Sequence[Row], lang: str = "zh") -> list[AuditRow]:
    """Return entries with the names of their accounts."""
    people = accounts_called(city.planner, (row["user_id"] for row in rows), lang)
    return [
        AuditRow(
            row["seq"], row["done_at"], row["act"], row["user_id"],
            who.name, row["role"] or "", row["lens"] or "",
            row["entity"] or "", list(row["fields"] or ()), row["n_subjects"], list(row["subject_ids"]),
            row["place_id"], row["purpose_id"] or "", row["ticket"] or "", row["route"] or "",
            row["request_id"] or "", row["row_hash"], who.name_zh,
        )
        for row in rows
        for who in (people.get(row["user_id"], NOBODY),)
    ]  # fmt: skip


def audit_csv(city: City, scope: Scope, wanted: AuditFilter) -> str:
    """Return entries as CSV, and record that they were taken away before they are given."""
    page = views_of(city).rows(scope, wanted)
    rows = rows_of(city, page.rows)
    filters = {
        name: str(told)
        for name, told in (
            ("user", wanted.user_id), ("act", wanted.act), ("entity", wanted.entity), ("subject", wanted.subject_id),
            ("from", wanted.from_at), ("until", wanted.until_at),
        )
        if told
    }  # fmt: skip
    city.audit.write(Entry(
        "export", scope.user_id, scope.role, scope.lens, scope.grant_ids, "audit_row", COLUMNS,
        address_hash=scope.origin.address_hash, route=scope.origin.route, request_id=scope.origin.request_id,
        details={"n_rows": len(rows), "filters": filters},
    ))  # fmt: skip
    out = io.StringIO(newline="")
    written = csv.writer(out)
    written.writerow(COLUMNS)
    for row in rows:
        written.writerow(
            [guarded(" ".join(v) if isinstance(v := getattr(row, name), list) else v) for name in COLUMNS]
        )
    return out.getvalue()


def audit_state(city: City, scope: Scope, lang: str) -> AuditState:
    """Return how the end of the chain is, and who looked most."""
    views = views_of(city)
    n_rows, head, n_checked, broken = views.tail(scope)
    unusual = views.of_week(scope)[:20]
    people = accounts_called(city.planner, (one["user_id"] for one in unusual), lang)
    alarm = city.settings.looks_a_day_alarm
    return AuditState(
        n_rows, str(head), n_checked, "whole" if broken is None else "broken", broken, alarm,
        [
            UnusualUser(one["user_id"], who.name, one["n_looks"], one["n_subjects"], one["n_at_night"],
                        one["n_most_a_day"], one["n_most_a_day"] > alarm, who.name_zh)
            for one in unusual
            for who in (people.get(one["user_id"], NOBODY),)
        ],
    )  # fmt: skip


def household_looks(
    city: City, scope: Scope, place_id: str | None, before: int | None, limit: int, lang: str = "zh"
) -> HouseholdLooks:
    """Return who looked at households of a place; what was read of one home in one request is one look."""
    rows = views_of(city).of_households(scope, place_id, before, limit)
    people = accounts(city, (row["user_id"] for row in rows))
    orgs = org_names(city, [person["org_id"] for person in people.values()], lang)
    homes = homes_of(city, scope, [row["subject"] for row in rows], lang)
    looks: dict[tuple[str, str], HouseholdLook] = {}
    for row in rows:
        subject = row["subject"]
        home, person = homes.get(subject["subject_id"]), people.get(row["user_id"])
        who = account_called(person, lang) if person is not None else NOBODY
        purpose = city.purposes.declared.get(row["purpose_id"] or "")
        place = city.planner.places.by_id.get(subject["place_id"] or "")
        key = (row["request_id"] or str(row["seq"]), home or subject["subject_id"])
        old = looks.get(key)
        fields = sorted(
            {*(old.fields if old else ()), *(f"{row['entity']}.{f}" for f in row["fields"] or ())}
        )
        looks[key] = HouseholdLook(
            max(row["seq"], old.seq if old else 0), row["done_at"], who.name,
            orgs.get((person or {}).get("org_id") or ""), row["role"] or "", home,
            place.called(lang) if place else None, fields,
            row["purpose_id"] or "", purpose.title_zh if purpose else "", purpose.title_en if purpose else "",
            row["ticket"] or "", [title_of(one, "zh") for one in fields], [title_of(one, "en") for one in fields],
            who.name_zh,
        )  # fmt: skip
    lowest = min((row["seq"] for row in rows), default=0)
    return HouseholdLooks(list(looks.values()), lowest if len(rows) == limit else None)


def title_of(field: str, lang: Language) -> str:
    """Return what people read for ``entity.column``."""
    entity, _, column = field.partition(".")
    declared = ENTITIES.get(entity)
    found = declared.column(column) if declared is not None else None
    if declared is None or found is None:
        return field
    return (
        f"{declared.title_zh}·{found.title_zh}" if lang == "zh" else f"{declared.title_en}: {found.title_en}"
    )


def accounts(city: City, user_ids: Iterable[str]) -> dict[str, Row]:
    """Return accounts by id."""
    ids = sorted(set(user_ids))
    query = Query("user_account", (Condition("user_id", "in", ids),), (*NAME_COLUMNS, "org_id"),
                  limit=max(len(ids), 1))  # fmt: skip
    rows = city.planner.read(city.planner.system("user_account"), query).rows if ids else []
    return {row["user_id"]: row for row in rows}


def names_of(city: City, entity: str, key: str, column: str, ids: Iterable[str]) -> dict[str, str]:
    """Return a column of rows by key."""
    wanted = sorted(set(ids))
    query = Query(entity, (Condition(key, "in", wanted),), (key, column), limit=max(len(wanted), 1))
    rows = city.planner.read(city.planner.system(entity), query).rows if wanted else []
    return {row[key]: row[column] for row in rows}


def homes_of(city: City, scope: Scope, subjects: Sequence[Row], lang: str = "zh") -> dict[str, str]:
    """Return the home of households and persons in words: building, unit, and the room where the lens shows it."""
    planner = city.planner
    persons = [s["subject_id"] for s in subjects if s["entity"] == "person"]
    household = names_of(city, "person", "person_id", "household_id", persons)
    ids = sorted({*(s["subject_id"] for s in subjects if s["entity"] == "household"), *household.values()})
    where = (Condition("household_id", "in", ids),)
    lives = planner.read(
        planner.system("occupancy"),
        Query("occupancy", where, ("household_id", "dwelling_id"), limit=5 * len(ids) or 1),
    ).rows
    of = {row["household_id"]: row["dwelling_id"] for row in lives}
    dwellings = sorted(set(of.values()))
    query = Query("dwelling", (Condition("dwelling_id", "in", dwellings),),
                  ("dwelling_id", "building_id", "unit_no", "room_no"), limit=len(dwellings) or 1)  # fmt: skip
    rows = (
        {r["dwelling_id"]: r for r in planner.read(planner.allow(scope, "dwelling"), query).rows}
        if dwellings
        else {}
    )
    stand = {r["building_id"] for r in rows.values()}
    buildings = names_of(city, "building", "building_id", "name", stand)
    if lang == "en":
        english = names_of(city, "building", "building_id", "name_en", stand)
        buildings |= {one: name for one, name in english.items() if name}
    said = {
        one: " ".join(filter(None, (buildings.get(r["building_id"]), door_of(r))))
        for one, dwelling in of.items() if (r := rows.get(dwelling)) is not None
    }  # fmt: skip
    return said | {person: said[own] for person, own in household.items() if own in said}


def door_of(dwelling: Row) -> str:
    """Return unit and room as people say them."""
    return "-".join(filter(None, (dwelling["unit_no"], dwelling["room_no"])))
