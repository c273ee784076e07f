"""Purposes, looks and the audit, on the wire."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from huitian.api.wire.instant import Instant
from huitian.model.scope import AboutKind

Text80 = Annotated[str, Field(max_length=80)]


@dataclass(frozen=True, slots=True)
class DeclaredPurpose:
    """A purpose that you may state.

    Attributes:
        purpose_id: Its id.
        title_zh: Chinese name.
        title_en: English name.
        about: What it may be stated about.
        opens: Fields that it opens, as entity.column.
        most_min: Longest time, in minutes.
        needs_ticket: Whether the number of a piece of work must be given.
        is_sensitive: Whether it must be confirmed a second time.
    """

    purpose_id: str
    title_zh: str
    title_en: str
    about: list[AboutKind]
    opens: list[str]
    most_min: int
    needs_ticket: bool
    is_sensitive: bool


@dataclass(frozen=True, slots=True)
class PurposeTaken:
    """A purpose that you stated and that is not over.

    Attributes:
        taking_id: Its number.
        purpose_id: Which.
        ticket: Number of the piece of work.
        about: Kind of what it is about.
        about_id: Inner id of the case, home or place.
        taken_at: When it was stated.
        until_at: When it is over.
    """

    taking_id: str
    purpose_id: str
    ticket: str
    about: AboutKind
    about_id: str
    taken_at: Instant
    until_at: Instant


@dataclass(frozen=True, slots=True)
class Purposes:
    """What you may state and what you stated.

    Attributes:
        declared: Purposes that you may state; empty where your role or lens shows no more than it does.
        taken: What is running, the newest first.
    """

    declared: list[DeclaredPurpose]
    taken: list[PurposeTaken]


@dataclass(frozen=True, slots=True)
class PurposeToTake:
    """A purpose as it is stated.

    Attributes:
        purpose: Id of a declared purpose.
        about: Kind of what it is about; a household is named by its home.
        about_id: Inner id of the case, home or place.
        minutes: For how long.
        ticket: Number of the piece of work; no words about a person.
        is_confirmed: Whether it was confirmed a second time, which sensitive purposes ask for.
    """

    purpose: Text80
    about: AboutKind
    about_id: Annotated[str, Field(min_length=1, max_length=120)]
    minutes: Annotated[int, Field(ge=1, le=1440)] = 30
    ticket: Annotated[str, Field(max_length=40)] = ""
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class HomePerson:
    """A person of a household, as far as your purpose opens it.

    Attributes:
        birth_year: Year of birth; null where it is not known.
        sex: Sex.
        is_registered: Whether registered here.
        name: Name; null where no purpose opens it.
        phone: Phone; null where no purpose opens it.
        id_number: Identity number; null where no purpose opens it.
    """

    birth_year: int | None
    sex: str | None
    is_registered: bool | None
    name: str | None = None
    phone: str | None = None
    id_number: str | None = None


@dataclass(frozen=True, slots=True)
class Household:
    """A household of a home.

    Attributes:
        household_id: Inner id.
        kind: Its kind.
        n_persons: Persons.
        persons: Who they are.
    """

    household_id: str
    kind: str | None
    n_persons: int | None
    persons: list[HomePerson]


@dataclass(frozen=True, slots=True)
class Home:
    """A home and who lives in it.

    Attributes:
        dwelling_id: Inner id of the home.
        households: Households that live there now.
        purposes: Running purposes that it was shown for.
    """

    dwelling_id: str
    households: list[Household]
    purposes: list[PurposeTaken]


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry of the audit.

    Attributes:
        seq: Number.
        done_at: When.
        act: look, change, export, grant, purpose, erase, token or sign_in.
        user_id: Account.
        user_name: Name of the account, in the reader's language; null where it is gone.
        role: Role that was used.
        lens: Lens that was used.
        entity: Entity of the catalogue.
        fields: Fields.
        n_subjects: Whose: how many.
        subject_ids: Whose, the first of them.
        place_id: Where.
        purpose_id: Why.
        ticket: Number of the piece of work.
        route: Door.
        request_id: Number of the request.
        row_hash: Hash.
        user_name_zh: That name as it is written, where it is told in English; else null.
    """

    seq: int
    done_at: Instant
    act: str
    user_id: str
    user_name: str | None
    role: str
    lens: str
    entity: str
    fields: list[str]
    n_subjects: int
    subject_ids: list[str]
    place_id: str | None
    purpose_id: str
    ticket: str
    route: str
    request_id: str
    row_hash: str
    user_name_zh: str | None = None


@dataclass(frozen=True, slots=True)
class AuditRows:
    """Entries of the audit.

    Attributes:
        rows: The newest first.
        n_total: All under these filters.
        next_before: `before` of the next page; null on the last.
    """

    rows: list[AuditRow]
    n_total: int
    next_before: int | None


@dataclass(frozen=True, slots=True)
class UnusualUser:
    """Looks of one account in the last seven days.

    Attributes:
        user_id: Account.
        user_name: Its name, in the reader's language; null where it is gone.
        n_looks: Things that it looked at.
        n_subjects: Different ones among them.
        n_at_night: Looks between 22 and 6 o'clock.
        n_most_a_day: Looks on its busiest day.
        is_over_alarm: Whether a day was over the alarm.
        user_name_zh: Its name as it is written, where it is told in English; else null.
    """

    user_id: str
    user_name: str | None
    n_looks: int
    n_subjects: int
    n_at_night: int
    n_most_a_day: int
    is_over_alarm: bool
    user_name_zh: str | None = None


@dataclass(frozen=True, slots=True)
class AuditState:
    """How the chain is.

    Attributes:
        n_rows: Rows.
        head: Its end, to be kept outside.
        n_checked: Rows at the end that were recomputed for this answer; `huitian audit verify` walks them all.
        state: Whether those hold.
        broken_seq: First row that does not; null where all do.
        looks_a_day_alarm: Looks of one user on one day that raise an alarm.
        unusual: Accounts by looks of the last seven days, the most first.
    """

    n_rows: int
    head: str
    n_checked: int
    state: Literal["whole", "broken"]
    broken_seq: int | None
    looks_a_day_alarm: int
    unusual: list[UnusualUser] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class HouseholdLook:
    """A look at a household of your place.

    Attributes:
        seq: Number in the audit.
        done_at: When.
        user_name: Who, in the reader's language; null where the account is gone.
        org_name: Organisation of who looked.
        role: Role that was used.
        home: Which home, in words; null where it is not known.
        place_name: Where it stands.
        fields: Which fields.
        purpose_id: Why.
        purpose_zh: Name of the purpose.
        purpose_en: Name of the purpose.
        ticket: Number of the piece of work.
        fields_zh: Names of the fields.
        fields_en: Names of the fields.
        user_name_zh: Who as it is written, where it is told in English; else null.
    """

    seq: int
    done_at: Instant
    user_name: str | None
    org_name: str | None
    role: str
    home: str | None
    place_name: str | None
    fields: list[str]
    purpose_id: str
    purpose_zh: str
    purpose_en: str
    ticket: str
    fields_zh: list[str]
    fields_en: list[str]
    user_name_zh: str | None = None


@dataclass(frozen=True, slots=True)
class HouseholdLooks:
    """Looks at households of your place.

    Attributes:
        looks: The newest first.
        next_before: `before` of the next page; null on the last.
    """

    looks: list[HouseholdLook]
    next_before: int | None
