"""The sample of every kind loads with its mapping, and the messy pile of the demo city loads as its truth says."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from huitian.app import make_city
from huitian.ingest.load import Limits, Loader
from huitian.ingest.mapping_file import read_mapping
from huitian.ingest.report import LoadReport
from huitian.model.place import FIRST_DAY, LEVELS, Place, Tree
from huitian.simulate.city import demo_city
from huitian.simulate.messy import export_messy
from huitian.simulate.scale import DemoScale
from huitian.sources.kinds import FOLDER, source_kind
from tests.ingest.towns import Town

SAMPLES = (("geojson", "streets"), ("json", "populations"), ("csv", "organisations"), ("letters", "letters"))


def load(town: Town, kind: str, path: Path, map_path: Path) -> LoadReport:
    city, source = town.city, source_kind(kind)
    limits = Limits(city.settings.box, city.settings.max_letter_chars)
    loader = Loader(city.engine.records, city.planner, city.clock, limits, city.stories)
    return loader.load(path, source, read_mapping(map_path, source))


def test_the_samples_load_one_after_another(town: Town) -> None:
    for kind, name in SAMPLES:
        folder = FOLDER / kind / "sample"
        (path,) = (one for one in folder.iterdir() if one.suffix != ".toml")
        report = load(town, kind, path, folder / f"{name}.toml")
        assert (report.n_rejected, report.unread) == (0, ()), report
        assert report.n_written == report.n_read > 0
    assert town.rows("finding") == []
    stands = {row["org_id"]: row["place_id"] for row in town.rows("organisation")}
    assert stands["s-1"] == "admin:990101001"
    assert stands["s-2"] == stands["f-1"] == "admin:990101002"
    assert len(town.rows("case")) == 2


@pytest.fixture(scope="module")
def pile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a messy pile of a small demo city."""
    folder = tmp_path_factory.mktemp("pile")
    scale = DemoScale(n_buildings=500, n_letters=600)
    export_messy(folder, demo_city(7, datetime(2026, 3, 2, 4, 0, tzinfo=UTC), scale))
    return folder


def test_the_messy_pile_loads_as_its_truth_says(tmp_path: Path, pile: Path) -> None:
    truth = json.loads((pile / "truth.json").read_text("utf-8"))["files"]
    root = json.loads((pile / "district.geojson").read_text("utf-8"))["features"][0]["properties"]
    district = Place(f"admin:{root['编码']}", "admin", root["编码"], "district", "区", None, FIRST_DAY)
    town = Town.__new__(Town)
    town.city = make_city(tmp_path / "city", {}, district, Tree("admin", "行政", "Admin", LEVELS[1:]))
    try:
        for name in ("district.geojson", "streets.geojson", "communities.geojson", "buildings.csv",
                     "organisations.csv", "letters.csv"):  # fmt: skip
            said = truth[name]
            report = load(town, said["kind"], pile / name, pile / said["map"])
            assert report.reasons == {code: found["n"] for code, found in said["rejected"].items()}, name
            assert (report.n_read, report.n_written) == (said["n_rows"], said["n_written"]), name
            kept = {note.partition(":")[0]: n for note, n in report.notes.items()}
            assert kept == {code: found["n"] for code, found in said["kept"].items()}, name
            keys = {key for found in said["rejected"].values() for key in found["keys"]} - {""}
            loaded = {
                row["source_key"] for row in town.rows("source_row") if row["load_id"] == report.load_id
            }
            doubles = set(said["rejected"].get("duplicate_key", {}).get("keys", ()))
            assert not (keys - doubles) & loaded, name
        early = {row["facts"]["n_days"] for row in town.findings("reply_before_report")}
        assert (
            len(town.findings("reply_before_report"))
            == truth["letters.csv"]["findings"]["reply_before_report"]["n"]
        )
        assert min(early) >= 1
        assert town.findings("several_roots") == []
    finally:
        town.city.close()
