"""Terms: how long each kind of personal values is kept, from when on, and which of them are over."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from huitian.cases.gone import erased
from huitian.cases.history import EVERY_ROW, batches
from huitian.cases.parts import CaseParts
from huitian.clock import SHANGHAI, day_of
from huitian.model.query import AnyOf, Condition, Query, Row, Tally
from huitian.settings import Settings

YEAR, DAY = timedelta(days=365.25), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Over:
    """Something that was kept long enough.

    Attributes:
        inner_id: Of the object: case, person, load or feedback.
        since_at: From when its term counts, aware UTC.
    """

    inner_id: str
    since_at: datetime


@dataclass(frozen=True, slots=True)
class Term:
    """How long one kind of personal values is kept.

    Attributes:
        kind: Kind of the subject that is erased.
        setting: Setting that has the term; 0 keeps for ever.
        title_zh: What it is.
        title_en: The same in English.
        find: Yields what counts from before an instant and is there still.
    """

    kind: str
    setting: str
    title_zh: str
    title_en: str
    find: Callable[[CaseParts, datetime], Iterator[Over]]

    @property
    def unit(self) -> timedelta:
        """What the setting counts in."""
        return YEAR if self.setting.endswith("_years") else DAY

    def length(self, settings: Settings) -> int:
        """Return how many years or days; 0 keeps for ever."""
        return int(getattr(settings, self.setting))

    def over(self, parts: CaseParts) -> Iterator[Over]:
        """Yield what was kept long enough and is there still; of a kill in the middle what was left is there still."""
        if n := self.length(parts.settings):
            yield from self.find(parts, parts.now() - n * self.unit)


def closed(parts: CaseParts, until: datetime) -> dict[str, datetime]:
    """Return the cases that were closed before an instant, the oldest first."""
    query = Query("case", (Condition("closed_at", "lt", until),), sort=("closed_at",), limit=EVERY_ROW,
                  columns=("case_id", "closed_at"))  # fmt: skip
    rows = parts.records.read(parts.planner.system("case"), query).rows
    return {row["case_id"]: row["closed_at"] for row in rows}


def having(parts: CaseParts, entity: str, column: str, ids: Sequence[str], values: Sequence[str]) -> set[Any]:
    """Return those ids of which rows of an entity have any of some values; what was erased has none."""
    where: list[Condition | AnyOf] = [Condition(column, "in", ids)]
    if values:
        where.append(AnyOf(tuple(Condition(name, "not_null") for name in values)))
    counted = parts.records.tally(
        parts.planner.system(entity), Tally(entity, tuple(where), group_by=(column,))
    )
    return {row[column] for row in counted}


def those_having(
    parts: CaseParts, since: dict[str, datetime], entity: str, column: str, values: Sequence[str]
) -> Iterator[Over]:
    """Yield those of some objects of which values are there."""
    for part in batches(since):
        there = having(parts, entity, column, part, values)
        yield from (Over(one, since[one]) for one in part if one in there)


def words(parts: CaseParts, until: datetime) -> Iterator[Over]:
    """Yield cases with words."""
    return those_having(parts, closed(parts, until), "case_words", "case_id", ("words",))


def contacts(parts: CaseParts, until: datetime) -> Iterator[Over]:
    """Yield cases with name or phone of their writer."""
    return those_having(parts, closed(parts, until), "case_contact", "case_id", ("name", "phone"))


def photos(parts: CaseParts, until: datetime) -> Iterator[Over]:
    """Yield cases whose photos were not erased: the rows that name them are part of the log and stay."""
    since = closed(parts, until)
    for part in batches(since):
        there = having(parts, "case_file", "case_id", part, ())
        gone = erased(parts.records, parts.planner, [f"photos:{one}" for one in part])
        yield from (Over(one, since[one]) for one in part if one in there and f"photos:{one}" not in gone)


def feedback(parts: CaseParts, until: datetime) -> Iterator[Over]:
    """Yield remarks on scenarios with words."""
    where = (Condition("given_on", "lt", day_of(until)), Condition("words", "not_null"))
    query = Query(
        "pack_feedback", where, sort=("given_on",), columns=("feedback_id", "given_on"), limit=EVERY_ROW
    )
    for row in parts.records.read(parts.planner.system("pack_feedback"), query).rows:
        yield Over(row["feedback_id"], begin_of(row["given_on"]))


def rejects(parts: CaseParts, until: datetime) -> Iterator[Over]:
    """Yield loads with rejected rows as they came."""
    where = (Condition("started_at", "lt", until),)
    query = Query("load", where, sort=("started_at",), columns=("load_id", "started_at"), limit=EVERY_ROW)
    rows = parts.records.read(parts.planner.system("load"), query).rows
    since = {row["load_id"]: row["started_at"] for row in rows}
    return those_having(parts, since, "reject", "load_id", ("source_key", "reason_zh", "reason_en", "raw"))


def identities(parts: CaseParts, until: datetime) -> Iterator[Over]:
    """Yield persons whose household left its last dwelling; of who has none it is not known, and nothing is done."""
    last = last_ends(parts, day_of(until))
    people: dict[str, datetime] = {}
    for part in batches(last):
        query = Query("person", (Condition("household_id", "in", part),), columns=("person_id", "household_id"),
                      limit=EVERY_ROW)  # fmt: skip
        for row in parts.records.read(parts.planner.system("person"), query).rows:
            people[row["person_id"]] = begin_of(last[row["household_id"]])
    people = dict(sorted(people.items(), key=lambda one: (one[1], one[0])))
    return those_having(parts, people, "person_identity", "person_id", ("name", "phone", "id_number"))


def last_ends(parts: CaseParts, before: date) -> dict[str, date]:
    """Return of households that live nowhere, and ended to before a day, when that was."""
    allowed, columns = parts.planner.system("occupancy"), ("household_id", "valid_to")

    def read(*where: Condition | AnyOf) -> Iterable[Row]:
        return parts.records.read(allowed, Query("occupancy", where, columns=columns, limit=EVERY_ROW)).rows

    last: dict[str, date] = {}
    for row in read(Condition("valid_to", "lt", before)):
        last[row["household_id"]] = max(row["valid_to"], last.get(row["household_id"], row["valid_to"]))
    for part in batches(sorted(last)):
        still = AnyOf((Condition("valid_to", "is_null"), Condition("valid_to", "ge", before)))
        for row in read(Condition("household_id", "in", part), still):
            last.pop(row["household_id"], None)
    return last


def begin_of(day: date) -> datetime:
    """Return when a day of Beijing began, aware UTC."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


TERMS = (
    Term("case", "keep_words_years", "案件原话", "Words of cases", words),
    Term("contact", "keep_contact_days", "来信人联系方式", "Contacts of cases", contacts),
    Term("photos", "keep_photos_years", "案件照片", "Photos of cases", photos),
    Term("feedback", "keep_feedback_days", "对场景的意见", "Words of feedback", feedback),
    Term("load", "keep_rejects_days", "拒收的行（按装载计）", "Rejected rows, by load", rejects),
    Term("person", "keep_identity_years", "迁出人员的身份", "Identities of who left", identities),
)
"""Every kind that has a term."""
