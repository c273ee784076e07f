"""``huitian check --mend``: a projection and an index that are broken are made anew from what is the truth."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from huitian.app import OpenCity, open_city
from huitian.cli.app import app
from huitian.errors import ClaimsInvalid
from huitian.model.case import Letter
from huitian.model.query import Condition, Query

pytestmark = pytest.mark.served

RUNNER = CliRunner()
AROUND = (116.4, 40.0, 116.6, 40.2)


@contextmanager
def opened(folder: Path) -> Iterator[OpenCity]:
    city = open_city(folder)
    try:
        yield city
    finally:
        city.close()


def case_ids_around(city: OpenCity) -> list[str]:
    query = Query("case", (Condition("box", "overlaps", AROUND),), columns=("case_id",), sort=("case_no",))
    return [row["case_id"] for row in city.engine.records.read(city.planner.system("case"), query).rows]


def test_what_is_broken_is_found_and_mended(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    made = RUNNER.invoke(app, ["init", str(folder), "--name", "星澜区", "--code", "990101"])
    assert made.exit_code == 0, made.output
    with opened(folder) as city:
        letters = [Letter("暖气不热", f"letter-{i:04d}", lon=116.5, lat=40.1) for i in range(3)]
        ids = [city.letters.open_case(letter).case_id for letter in letters]
        assert case_ids_around(city) == ids
    with sqlite3.connect(folder / "store" / "huitian.sqlite") as raw:
        raw.execute("UPDATE case_state SET state = 'closed' WHERE case_id = ?", (ids[0],))
        raw.execute("DELETE FROM case_state WHERE case_id = ?", (ids[1],))
        raw.execute("DELETE FROM box_case_state")
    raw.close()
    assert RUNNER.invoke(app, ["check", str(folder)]).exit_code == 1
    with opened(folder) as city:
        assert case_ids_around(city) == []
    mended = RUNNER.invoke(app, ["check", str(folder), "--mend"])
    assert mended.exit_code == 0, mended.output
    assert "mended: 案件 cases 2" in mended.output
    with opened(folder) as city:
        assert case_ids_around(city) == ids
    assert "cases 0" in RUNNER.invoke(app, ["check", str(folder), "--mend"]).output


def test_the_grants_by_claims_are_checked(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    assert RUNNER.invoke(app, ["init", str(folder), "--name", "星澜区", "--code", "990101"]).exit_code == 0
    text = '[[claims]]\nclaim = "g"\nvalue = "x"\nrole = "committee"\nlens = "V2"\nplace = "admin:990101"\n'
    (folder / "claims.toml").write_text(text, "utf-8")
    assert RUNNER.invoke(app, ["check", str(folder)]).exit_code == 0
    (folder / "claims.toml").write_text(text.replace("admin:990101", "admin:404"), "utf-8")
    lost = RUNNER.invoke(app, ["check", str(folder)])
    assert lost.exit_code == 1
    assert "g=x" in lost.output
    assert "admin:404" in lost.output
    (folder / "claims.toml").write_text(text.replace("committee", "nobody"), "utf-8")
    wrong = RUNNER.invoke(app, ["check", str(folder)])
    assert isinstance(wrong.exception, ClaimsInvalid)


def test_a_pack_is_not_mended() -> None:
    assert RUNNER.invoke(app, ["check", "scenario", "mailbox", "--mend"]).exit_code == 2
