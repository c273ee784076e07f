"""A real mayor's mailbox in a city of one root place: every letter a case with the agency that answered."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from huitian.app import OpenCity, open_city
from huitian.model.query import Condition, Query, Row
from tests.real.sets import real_set
from tests.real.test_huitian_geo import huitian

pytestmark = pytest.mark.real_data

CITY = Path(__file__).parents[2] / "cities" / "shangluo"
N_LETTERS = 784


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the city with the mailbox loaded."""
    source, made = real_set("cn_mayor_mailbox"), tmp_path_factory.mktemp("city") / "shangluo"
    assert huitian("init", made, "--like", CITY, "--level", "city").exit_code == 0
    done = huitian(
        "load", made, "letters", source / "mails.csv", "--map", CITY / "maps" / "mailbox.toml", "--json"
    )
    assert done.exit_code == 0, done.output
    (load,) = json.loads(done.stdout)["loads"]
    assert (load["n_read"], load["n_written"], load["n_rejected"]) == (N_LETTERS, N_LETTERS, 0)
    return made


@pytest.fixture
def city(folder: Path) -> Iterator[OpenCity]:
    opened = open_city(folder)
    yield opened
    opened.close()


def rows(city: OpenCity, entity: str, *where: Condition) -> list[Row]:
    return list(
        city.engine.records.read(city.planner.system(entity), Query(entity, where, limit=10_000)).rows
    )


def test_every_letter_is_a_closed_case_of_the_agency_that_answered(city: OpenCity) -> None:
    cases = rows(city, "case")
    assert len(cases) == N_LETTERS
    assert {row["state"] for row in cases} == {"closed"}
    assert {row["place_id"] for row in cases} == {"admin:611000"}
    names = {row["org_id"]: row["name"] for row in rows(city, "organisation")}
    with (real_set("cn_mayor_mailbox") / "mails.csv").open(encoding="utf-8", newline="") as file:
        agencies = {row["reply_agency"].replace("\xa0", " ").strip() for row in csv.DictReader(file)}
    assert {names[row["owner_org_id"]] for row in cases} == agencies
    assert len(agencies) == 147


def test_the_words_are_kept_beside_the_log(city: OpenCity) -> None:
    words = rows(city, "case_words")
    assert sum(row["field"] == "body" for row in words) == N_LETTERS
    assert sum(row["field"] == "reply" for row in words) == N_LETTERS - 6, (
        "six answers are empty in the source"
    )
    assert max(len(row["words"]) for row in words) > 3000


def test_replies_before_the_query_are_findings(city: OpenCity) -> None:
    found = rows(city, "finding", Condition("rule_id", "eq", "reply_before_report"))
    assert [row["facts"]["n_days"] for row in found] == [364, 364]


def test_answers_without_a_date_are_findings(city: OpenCity) -> None:
    found = rows(city, "finding", Condition("rule_id", "eq", "step_undated"))
    assert len(found) == 8


def test_letters_without_a_date_take_that_of_their_number(city: OpenCity) -> None:
    assert sum(row["reported_at"].year == 2011 for row in rows(city, "case")) == 7


def test_cases_equal_their_logs(folder: Path) -> None:
    done = huitian("check", folder)
    assert done.exit_code == 0, done.output
