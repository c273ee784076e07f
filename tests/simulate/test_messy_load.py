"""The messy pile through the real commands: every row is taken, refused or noted as its truth says."""

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from huitian.cli.app import app
from huitian.simulate import DemoScale, demo_city, export_messy
from huitian.simulate.division import DISTRICT_CODE

SMALL = DemoScale(n_buildings=600, person_share=0.0, n_enterprises=60, n_components=50, n_letters=400)


def run(*args):
    result = CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    pile, own = tmp_path_factory.mktemp("pile"), tmp_path_factory.mktemp("own") / "city"
    city = demo_city(3, datetime.now(UTC), SMALL)
    ledgers = export_messy(pile, city)
    run("init", own, "--name", city.name.zh, "--name-en", city.name.en, "--code", DISTRICT_CODE)
    reports = {}
    for one in ledgers:
        told = run("load", own, one.kind, pile / one.name, "--map", pile / one.map_name, "--json")
        (reports[one.name],) = json.loads(told)["loads"]
    return {one.name: one for one in ledgers}, reports


def test_rows_are_taken_and_refused_as_truth_says(loaded):
    ledgers, reports = loaded
    for name, one in ledgers.items():
        got = reports[name]
        assert (got["n_read"], got["n_written"]) == (one.n_rows, one.n_written), name
        assert got["reasons"] == {code: len(keys) for code, keys in one.rejected.items()}, name


def test_odd_texts_are_kept_and_noted(loaded):
    ledgers, reports = loaded
    kept = {code: len(keys) for code, keys in ledgers["letters.csv"].kept.items()}
    assert {name.partition(":")[0]: n for name, n in reports["letters.csv"]["notes"].items()} == kept


def test_every_column_of_a_mapping_is_in_its_file(loaded):
    assert all(not report["absent"] and not report["unread"] for report in loaded[1].values())
