"""Posts and shifts of the invented city. Nobody in them exists: names come from the closed list."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from huitian.model.query import Row
from huitian.simulate.division import Division
from huitian.simulate.identifiers import synthetic_phone
from huitian.simulate.names import PERSON_NAMES, PERSON_NAMES_EN
from huitian.simulate.organisations import CENTRE_ID, Organisations

DAYS_BEFORE, DAYS_AHEAD = 1, 14
SHIFTS = ((0, "夜班 night"), (8, "白班 day"), (16, "晚班 evening"))
"""Hours of Asia/Shanghai at which a shift of eight hours begins."""
LOCAL = timedelta(hours=8)


def bodies(organisations: Organisations) -> list[tuple[str, int | None, str]]:
    """Return who keeps a roster: organisation, index of its street, and what is done there."""
    streets = [(org_id, n, "派单、会商、到场") for n, org_id in enumerate(organisations.street_id)]
    return [(CENTRE_ID, None, "派单、催办、回访"), *streets]


def post_rows(organisations: Organisations) -> Iterator[Row]:
    """Yield one post a body: who leads the shift."""
    for n, (org_id, _street, _can) in enumerate(bodies(organisations)):
        yield {"post_id": f"{org_id}-watch", "org_id": org_id, "title": "值班长", "user_name": None,
               "holder_name": PERSON_NAMES[n % len(PERSON_NAMES)]}  # fmt: skip


def duty_rows(organisations: Organisations, division: Division, as_of: datetime) -> Iterator[Row]:
    """Yield three shifts a day of each body, from yesterday on; every ninth is a substitute's."""
    midnight = datetime.combine((as_of + LOCAL).date(), datetime.min.time(), UTC) - LOCAL
    n = 0
    for org_id, street, can_do in bodies(organisations):
        place_id = None if street is None else f"admin:{division.street_code[street]}"
        for day in range(-DAYS_BEFORE, DAYS_AHEAD):
            for hour, shift in SHIFTS:
                starts_at = midnight + timedelta(days=day, hours=hour)
                person = PERSON_NAMES[n % len(PERSON_NAMES)]
                instead_of = PERSON_NAMES[(n + 1) % len(PERSON_NAMES)] if n % 9 == 8 else None
                yield {
                    "duty_id": f"{org_id}-{starts_at:%Y%m%d%H}", "org_id": org_id, "post_id": f"{org_id}-watch",
                    "place_id": place_id, "user_name": None, "person_name": person,
                    "person_name_en": PERSON_NAMES_EN[person], "phone": synthetic_phone(n),
                    "can_do": f"{shift.split()[0]}：{can_do}", "instead_of": instead_of,
                    "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=8),
                }  # fmt: skip
                n += 1
