"""A home with its households and persons, as far as a stated purpose opens them."""

from collections import defaultdict

from huitian.api.city import City
from huitian.api.wire.audit import Home, HomePerson, Household, PurposeTaken
from huitian.errors import NotFound
from huitian.model.query import Condition, Query
from huitian.model.scope import Scope

MOST = 500


def home_page(city: City, scope: Scope, dwelling_id: str) -> Home:
    """Return who lives in a home.

    Raises:
        NotFound: There is no such home that the reader may see.
        PurposeMissing: No purpose is stated about it.
    """
    planner = city.planner
    of = (Condition("dwelling_id", "eq", dwelling_id),)
    if not planner.read(
        planner.allow(scope, "dwelling"), Query("dwelling", of, ("dwelling_id",), limit=2)
    ).rows:
        raise NotFound(entity="dwelling", object_id=dwelling_id)
    lives = planner.read(
        planner.allow(scope, "occupancy"), Query("occupancy", of, ("household_id",), limit=MOST)
    )
    ids = sorted({row["household_id"] for row in lives.rows})
    if not ids:
        return Home(dwelling_id, [], [])
    among = (Condition("household_id", "in", ids),)
    households = planner.read(
        planner.allow(scope, "household"),
        Query("household", among, ("household_id", "kind", "n_persons"), limit=MOST),
    ).rows
    persons = planner.read(
        planner.allow(scope, "person"),
        Query("person", among, ("person_id", "household_id", "place_id", "birth_year", "sex", "is_registered"),
              limit=MOST),
    ).rows  # fmt: skip
    names = {row["person_id"]: row for row in planner.identities(scope, persons)}
    living = defaultdict(list)
    for row in persons:
        known = names.get(row["person_id"], {})
        living[row["household_id"]].append(
            HomePerson(row["birth_year"], row["sex"], row["is_registered"], known.get("name"), known.get("phone"),
                       known.get("id_number"))
        )  # fmt: skip
    return Home(
        dwelling_id,
        [
            Household(row["household_id"], row["kind"], row["n_persons"], living[row["household_id"]])
            for row in households
        ],
        [
            PurposeTaken(row["taking_id"], row["purpose_id"], row["ticket"] or "", row["about_entity"], row["about_id"],
                         row["taken_at"], row["until_at"])
            for row in city.purposes.rows(scope)
            if row["about_id"] == dwelling_id or row["about_entity"] == "place"
        ],
    )  # fmt: skip
