"""The steps as functions: whatever a table holds, every row ends as a draft or as a refusal with its reason."""

import tomllib
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitian.base.places import Places
from huitian.errors import REASONS
from huitian.ingest.batch import Batch, told
from huitian.ingest.check import Bounds, check
from huitian.ingest.decode import decode, decoding_of
from huitian.ingest.dedupe import dedupe, without_unchanged
from huitian.ingest.locate import Surroundings, locate
from huitian.ingest.mapping_file import mapping_of
from huitian.ingest.write import reject_rows
from huitian.sources.kinds import source_kind
from huitian.sources.rows import SourceRow
from tests.ingest.towns import BOX, BUILDING_MAP, LETTER_MAP, STREET_MAP

pytestmark = pytest.mark.fuzz

CELL = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        ["", "-", "NaN", "116.15", "40.05", "2026-01-05", "2099/1/1", "=1+1", "<b>x</b>", "６", "b1"]
    ),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.lists(st.floats(), max_size=3),
)
RING = st.lists(st.lists(st.floats(-200, 200) | st.just(float("nan")), min_size=2, max_size=2), max_size=6)
SHAPE = st.one_of(
    CELL,
    st.fixed_dictionaries(
        {"type": st.sampled_from(["Polygon", "LineString", "Point", "x"]), "coordinates": RING}
    ),
    st.fixed_dictionaries({"type": st.just("Polygon"), "coordinates": st.lists(RING, max_size=2)}),
)
TABLES = {
    "csv": (BUILDING_MAP, ("编号", "名称", "层数", "年份", "经度", "纬度", "备注"), CELL),
    "letters": (LETTER_MAP, ("编号", "时间", "内容", "经度", "纬度", "承办", "答复时间"), CELL),
    "geojson": (STREET_MAP, ("编码", "名称", "geometry"), SHAPE),
}


def through(kind: str, rows: list[SourceRow]) -> Batch:
    told_map, columns, _ = TABLES[kind]
    mapping = mapping_of(tomllib.loads(told_map), source_kind(kind), "m.toml")
    places = Places([], [], {}, [])
    batch = decode(rows, decoding_of(mapping, columns))
    batch = check(batch, mapping, Bounds(datetime(2026, 3, 2, tzinfo=UTC), BOX, {"body": 5000}))
    batch = locate(batch, mapping, Surroundings(places, date(2026, 3, 2), lambda _entity, ids: ids))
    return dedupe(batch, {})


@pytest.mark.parametrize("kind", sorted(TABLES))
@given(data=st.data())
def test_every_row_ends_somewhere(kind: str, data: Any) -> None:
    _, columns, cell = TABLES[kind]
    table = data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(columns, cell)), max_size=6))
    rows = [SourceRow(number, values) for number, values in enumerate(table, 2)]
    batch = through(kind, rows)
    assert batch.n_read == len(rows) == len(batch.drafts) + len(batch.refusals)
    assert {d.row_no for d in batch.drafts} | {r.row_no for r in batch.refusals} == {
        row.row_no for row in rows
    }
    keys = [draft.source_key for draft in batch.drafts]
    assert len(set(keys)) == len(keys)
    for refusal in batch.refusals:
        reason = REASONS[refusal.fault.reason_code]
        assert not reason.is_kept
        facts = {name.removesuffix("_zh").removesuffix("_en") for name in refusal.fault.facts}
        assert facts >= set(reason.fact_names()), "every fact of the words is there"
        assert told(refusal.fault, "zh") != told(refusal.fault, "en")
    for row in reject_rows(batch.refusals, "load"):
        assert row["raw"] is not None
    again = through(kind, rows)
    known = {draft.source_key: draft.content_hash for draft in again.drafts}
    assert without_unchanged(batch, known).n_unchanged == len(batch.drafts), "equal rows have equal hashes"
