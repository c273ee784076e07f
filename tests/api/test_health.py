"""Readiness by code, health for the desk, measures, and what the log says of them."""

import json
import logging
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from huitian.api import logs, readiness
from huitian.api.logs import EVENTS, REQUEST_ID, JsonLines, PlainLines
from huitian.app.demo import open_demo
from huitian.care.last_backup import note_backup
from huitian.errors import BadSetting
from huitian.model.query import Event
from huitian.settings import Settings
from huitian.simulate.city import DemoCity
from tests.api.conftest import PATIENT
from tests.api.serving import Served, problem, serving

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def own(folder: Path, invented: DemoCity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a copy of the demo city that these tests may spoil; every statement counts as slow."""
    home = tmp_path_factory.mktemp("health") / "city"
    shutil.copytree(folder, home, ignore=shutil.ignore_patterns("server.lock"))
    settings = replace(PATIENT, root_place=invented.root_place_id, slow_query_ms=1, least_free_mb=0)
    city = open_demo(home, settings)
    with serving(city) as running:
        yield running
    city.close()


@pytest.fixture(scope="module")
def data(own: Served) -> Iterator[httpx.Client]:
    with own.signed_in("data_admin") as client:
        yield client


def ready(own: Served) -> tuple[int, str, list[str]]:
    answer = httpx.get(f"{own.base}/readyz", timeout=60)
    body = answer.json()
    for reason in body["reasons"]:
        for words in ("words_zh", "words_en", "what_to_do_zh", "what_to_do_en"):
            assert reason[words], reason
        assert body["checks"][reason["part"]] != "ok"
    text = answer.text
    assert str(own.city.folder) not in text
    assert "sqlite" not in text
    return answer.status_code, body["status"], [reason["code"] for reason in body["reasons"]]


def part(client: httpx.Client, name: str) -> dict[str, object]:
    answer = client.get("/v1/health")
    assert answer.status_code == 200, answer.text
    return next(one for one in answer.json()["parts"] if one["part"] == name)


def test_a_server_that_is_well_is_ready(own: Served) -> None:
    assert ready(own) == (200, "ready", [])


@pytest.mark.parametrize(
    ("undone", "done", "code", "part_state"),
    [
        ("DELETE FROM store_mark", "INSERT INTO store_mark VALUES ('half_made', 'x')", "store_half_made", "fail"),
        ("UPDATE store_revision SET version_num = '{head}'", "UPDATE store_revision SET version_num = '9999'",
         "store_schema", "fail"),
    ],
)  # fmt: skip
def test_a_store_that_is_not_to_be_worked_with_is_not_ready(
    own: Served, data: httpx.Client, undone: str, done: str, code: str, part_state: str
) -> None:
    with closing(
        sqlite3.connect(own.city.folder / "store" / "huitian.sqlite", isolation_level=None)
    ) as store:
        head = store.execute("SELECT version_num FROM store_revision").fetchone()[0]
        store.execute(done)
        try:
            assert ready(own) == (503, "not_ready", [code])
            assert (part(data, "store")["code"], part(data, "store")["state"]) == (code, part_state)
            assert data.get("/v1/health").json()["state"] == "fail"
        finally:
            store.execute(undone.format(head=head))
    assert ready(own)[1] == "ready"


def test_a_short_disk_and_a_clock_that_went_back_are_degraded_not_out_of_turn(own: Served) -> None:
    city = own.city
    short = replace(city, settings=replace(city.settings, least_free_mb=1 << 40))
    live = own.server.live
    assert [one.code for one in readiness.troubles(short, live)] == ["disk_short"]
    assert readiness.status_of(readiness.troubles(short, live)) == "degraded"
    back = replace(city, clock=SimpleNamespace(now=lambda: datetime.now(UTC) - timedelta(days=30)))
    with city.engine.records.writing() as writing:
        writing.emit(Event("number", "told", {}, (), recorded_at=datetime.now(UTC)))
    codes = [one.code for one in readiness.troubles(back, live)]
    assert "clock_back" in codes
    assert readiness.status_of(readiness.troubles(back, live)) == "degraded"


def test_a_stream_that_is_not_read_is_not_ready(own: Served) -> None:
    silent = SimpleNamespace(is_reading=False, trouble="", seq=0)
    assert [one.code for one in readiness.troubles(own.city, silent)] == ["stream_dead"]  # type: ignore[arg-type]
    troubled = SimpleNamespace(is_reading=True, trouble="OperationalError", seq=1 << 40)
    assert [one.code for one in readiness.troubles(own.city, troubled)] == ["stream_trouble"]  # type: ignore[arg-type]


def test_health_is_for_those_who_look_after_data(own: Served, data: httpx.Client) -> None:
    page = data.get("/v1/health").json()
    assert {one["part"] for one in page["parts"]} >= {
        "store", "disk", "clock", "stream", "workers", "backup", "retention", "loads", "rejects", "queries", "errors",
        "versions",
    }  # fmt: skip
    for one in page["parts"]:
        assert one["words_zh"]
        assert one["words_en"]
        assert one["state"] in {"ok", "warn", "fail"}
        assert one["state"] == "ok" or (one["what_to_do_zh"] and one["what_to_do_en"]), one
    for user_name, status in (("dispatcher", 200), ("leader", 403), ("street", 403)):
        with own.signed_in(user_name) as client:
            assert client.get("/v1/health").status_code == status
    with own.client() as nobody:
        problem(nobody.get("/v1/health"), 401, "not_signed_in")


def test_a_backup_is_seen(own: Served, data: httpx.Client) -> None:
    assert part(data, "backup")["state"] == "warn"
    note_backup(own.city.folder, datetime.now(UTC), "city.tar")
    assert part(data, "backup")["state"] == "ok"


def test_the_ferry_is_seen_where_there_is_one(own: Served, data: httpx.Client) -> None:
    assert not [one for one in data.get("/v1/health").json()["parts"] if one["part"] == "ferry"]
    peer = {"peer_id": "edge", "public_key": "x", "version": 1, "chain_out": 1, "seq_out": 0, "acked_seq": 0,
            "chain_in": 1, "seq_in": 1}  # fmt: skip
    now = own.city.clock.now()
    for taken_at, state in ((None, "warn"), (now, "ok"), (now - timedelta(days=3), "warn")):
        with own.city.engine.records.writing() as writing:
            writing.put("ferry_peer", [peer | {"taken_at": taken_at}])
        assert (part(data, "ferry")["state"], part(data, "ferry")["code"]) == (state, "ferry_edge")


def test_slow_statements_are_logged_with_their_request_and_without_values(
    own: Served, data: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    own.city.engine.watch.slow_ms = 0
    secret = "secret-word-7f3a"
    with caplog.at_level(logging.WARNING, "huitian.store"):
        data.get("/v1/cases", params={"q": secret})
    own.city.engine.watch.slow_ms = 1
    lines = [json.loads(record.getMessage()) for record in caplog.records if record.name == "huitian.store"]
    assert lines
    assert all(line["event"] == "slow_query" and line["ms"] >= 0 for line in lines)
    assert any("FROM case_state" in line["statement"] for line in lines)
    assert secret not in caplog.text
    assert part(data, "queries")["state"] == "warn"
    text = httpx.get(f"{own.base}/metrics").text
    slow = next(line for line in text.splitlines() if line.startswith("huitian_store_slow_statements_total"))
    assert float(slow.split()[-1]) >= len(lines)


def test_the_request_is_known_on_every_thread_that_works_for_it(own: Served, data: httpx.Client) -> None:
    seen: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(JsonLines().format(record))

    keeper = Keeper()
    log = logging.getLogger("huitian.store")
    log.addHandler(keeper)
    own.city.engine.watch.slow_ms = 0
    try:
        answer = data.get("/v1/cases?limit=1")
    finally:
        log.removeHandler(keeper)
        own.city.engine.watch.slow_ms = 1
    assert {json.loads(line)["request_id"] for line in seen} == {answer.headers["x-request-id"]}


def test_every_event_is_documented() -> None:
    told = re.compile(r'"event": "(\w+)"|\bsay\(\s*"(\w+)"')
    said = {
        first or second
        for path in (*(ROOT / "huitian" / "api").rglob("*.py"), *(ROOT / "huitian" / "app").glob("*.py"))
        for first, second in told.findall(path.read_text("utf-8"))
    }
    assert said | {"slow_query", "message"} == set(EVENTS)
    guide = (ROOT / "docs" / "guides" / "operate.md").read_text("utf-8")
    assert [name for name in EVENTS if f"`{name}`" not in guide] == []


def record(message: str) -> logging.LogRecord:
    return logging.LogRecord("huitian.x", logging.WARNING, "x.py", 1, message, (), None)


def test_a_line_has_event_level_and_request() -> None:
    token = REQUEST_ID.set("r1")
    try:
        line = json.loads(JsonLines().format(record('{"event": "swept", "n": 2}')))
        assert (line["event"], line["level"], line["request_id"], line["n"]) == ("swept", "warning", "r1", 2)
        assert json.loads(JsonLines().format(record("plain words")))["event"] == "message"
        assert json.loads(JsonLines().format(record("{not json")))["message"] == "{not json"
        assert PlainLines().format(record('{"event": "swept", "n": 2}')).startswith("warning swept ")
    finally:
        REQUEST_ID.reset(token)


def test_a_log_goes_to_its_file_and_is_opened_anew_after_rotation(tmp_path: Path) -> None:
    file = tmp_path / "huitian.log"
    handler = logs.made_handler(file, "json")
    handler.emit(record('{"event": "swept"}'))
    file.rename(tmp_path / "huitian.log.1")
    handler.emit(record('{"event": "request"}'))
    handler.close()
    assert json.loads(file.read_text("utf-8"))["event"] == "request"
    with pytest.raises(BadSetting):
        logs.made_handler(tmp_path / "none" / "huitian.log", "json")


def test_settings_of_the_log_are_taken() -> None:
    kept = logging.getLogger().handlers[:], logging.getLogger().level, logging.getLogger("huitian").level
    try:
        logs.start_log(Settings(log_level="error"))
        assert logging.getLogger("huitian").level == logging.ERROR
        logs.start_log(Settings(log_level="debug"), is_quiet=True)
        assert logging.getLogger("huitian").level == logging.WARNING
    finally:
        logging.getLogger().handlers[:] = kept[0]
        logging.getLogger().setLevel(kept[1])
        logging.getLogger("huitian").setLevel(kept[2])
