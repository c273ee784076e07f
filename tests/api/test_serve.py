"""``huitian serve`` and ``huitian user``: processes of their own, as a person starts them."""

import json
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from huitian.api.running import listen
from huitian.engine.embedded import open_engine
from huitian.settings import city_text
from tests.api.serving import WAIT_S

pytestmark = pytest.mark.served

COMMAND = [sys.executable, "-m", "huitian.cli"]


@pytest.fixture(scope="module")
def demo(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the demo city, with settings in its folder, so that a process can hold it."""
    home = tmp_path_factory.mktemp("served") / "city"
    shutil.copytree(folder, home, ignore=shutil.ignore_patterns("server.lock"))
    # Wrong codes of the tests before would count against this one: limits are kept in the store.
    engine = open_engine(home)
    engine.tries.sweep(datetime.now(UTC) + timedelta(days=1))
    engine.close()
    (home / "city.toml").write_text(city_text({"name_zh": "试验区", "name_en": "Test District"}), "utf-8")
    return home


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], capture_output=True, text=True, check=False, timeout=WAIT_S, stdin=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin", **environment},
    )  # fmt: skip


@contextmanager
def served_by(*words: str, **environment: str) -> Iterator[tuple[str, subprocess.Popen[str], list[str]]]:
    """Start a server; yields its address, the process, and the lines that it said."""
    process = subprocess.Popen(
        [*COMMAND, "serve", *words, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1", **environment},
    )  # fmt: skip
    assert process.stdout is not None
    said: list[str] = []
    try:
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                break
        assert process.poll() is None, said
        reader = threading.Thread(target=lambda: said.extend(process.stdout or ()), daemon=True)
        reader.start()
        base = next(line.strip().rstrip("/") for line in said if line.strip().startswith("http"))
        yield base, process, said
    finally:
        process.kill()
        process.wait(WAIT_S)
        reader.join(WAIT_S)
        process.stdout.close()


def test_a_demo_city_says_where_it_is_and_who_may_come_in(demo: Path) -> None:
    with served_by("--demo", HUITIAN_HOME=str(demo)) as (base, process, said):
        words = "".join(said)
        assert "试验区" in words
        for end in ("cockpit", "desk", "mobile", "public"):
            assert f"{base}/{end}" in words
        told = httpx.get(f"{base}/v1/session").json()
        assert told["demo_users"]
        for user in told["demo_users"]:
            assert user["user_name"] in words
            assert user["password"] in words
        lines = [json.loads(line) for line in said if line.startswith("{")]
        assert all({"at", "level", "event"} <= set(line) for line in lines)
        process.send_signal(signal.SIGINT)
        assert process.wait(WAIT_S) == 0


def test_a_second_server_of_one_folder_is_refused(demo: Path) -> None:
    with served_by(str(demo)) as (_, process, _said):
        second = run("serve", str(demo), "--port", "0")
        assert second.returncode == 1
        assert str(process.pid) in second.stderr
        assert "store_locked" in second.stderr
    with served_by(str(demo)) as (base, _, _said):
        assert httpx.get(f"{base}/healthz").status_code == 200


def test_answers_are_not_held_back() -> None:
    # asyncio switches Nagle's delay (40 ms an answer) off only where the socket says that it is TCP.
    with listen("127.0.0.1", 0) as bound:
        assert bound.proto == socket.IPPROTO_TCP


def test_a_port_that_is_taken_is_told_at_once(demo: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = run("serve", str(demo), "--port", str(taken.getsockname()[1]))
    assert told.returncode == 1
    assert "port_taken" in told.stderr
    assert "HUITIAN_PORT" in told.stderr
    assert not told.stdout


def test_a_stop_ends_open_streams_and_leaves_nothing_running(demo: Path) -> None:
    with served_by("--demo", "--quiet", HUITIAN_HOME=str(demo)) as (base, process, said):
        with httpx.Client(base_url=base, timeout=WAIT_S) as client:
            user = client.get("/v1/session").json()["demo_users"][0]
            client.post("/v1/session", json={k: user[k] for k in ("user_name", "password")})
            with client.stream("GET", "/v1/stream") as answer:
                lines = answer.iter_lines()
                assert next(lines).startswith("retry")
                began_s = time.monotonic()
                process.send_signal(signal.SIGTERM)
                assert any("closed" in line for line in lines)
        process.wait(WAIT_S)
        assert time.monotonic() - began_s < 20
        assert "Traceback" not in "".join(said)


def test_what_is_no_city_is_said_to_be_none(tmp_path: Path) -> None:
    told = run("serve", str(tmp_path), "--port", "0")
    assert told.returncode == 1
    assert "city_missing" in told.stderr
    assert run("serve").returncode == 2
    assert run("serve", str(tmp_path), "--demo").returncode == 2


def test_nothing_invented_goes_into_a_city_of_ones_own(tmp_path: Path) -> None:
    assert run("init", str(tmp_path / "own")).returncode == 0
    told = run("serve", "--demo", "--port", "0", HUITIAN_HOME=str(tmp_path / "own"))
    assert told.returncode == 1
    assert "city_exists" in told.stderr


def test_a_user_is_added_by_command(demo: Path) -> None:
    def add(*words: str, password: str = "long enough 1\n") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, "user", "add", str(demo), *words, "--password-stdin"], input=password, text=True,
            capture_output=True, check=False, timeout=WAIT_S, env={"PATH": "/usr/bin:/bin"},
        )  # fmt: skip

    assert add("li4", "--role", "dispatcher").returncode == 0
    for words, password, code in (
        (("li4", "--role", "leader"), "long enough 1\n", "user_exists"),
        (("wang5", "--role", "king"), "long enough 1\n", "invalid_input"),
        (("wang5", "--role", "leader", "--place", "admin:0"), "long enough 1\n", "unknown_place"),
        (("wang5", "--role", "leader", "--org", "none"), "long enough 1\n", "not_found"),
        (("wang5", "--role", "leader"), "short\n", "invalid_input"),
    ):
        told = add(*words, password=password)
        assert told.returncode == 1, words
        assert code in told.stderr
    with served_by(str(demo)) as (base, _, _said):
        body = {"user_name": "li4", "password": "long enough 1"}
        assert httpx.post(f"{base}/v1/session", json=body).json()["user"]["role"] == "dispatcher"


def test_a_new_pack_passes_its_check(tmp_path: Path) -> None:
    made = run("new", "scenario", "waste_sorting", "--into", str(tmp_path))
    assert made.returncode == 0, made.stderr
    assert run("check", "scenario", str(tmp_path / "waste_sorting")).returncode == 0
    again = run("new", "scenario", "waste_sorting", "--into", str(tmp_path))
    assert again.returncode == 1
    assert run("new", "scenario", "Waste Sorting", "--into", str(tmp_path)).returncode == 1
    test = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path / "waste_sorting")],
        capture_output=True, text=True, check=False, timeout=WAIT_S, cwd=tmp_path,
    )  # fmt: skip
    assert test.returncode == 0, test.stdout


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("quality.toml", 'numbers_open = "done"\n', "words_complete"),
        ("indicators.py", "NUMBERS = 1\n", "NUMBERS"),
        ("strings/en.toml", 'title = "x"\n', "strings"),
        ("panel.json", "[", "panel.json"),
        ("extra.py", "x = 1\n", "extra.py"),
        ("README.md", None, "README.md"),
        ("manifest.toml", 'pack_id = "other"\ntitle = "title"\nsummary = "summary"\n', "other"),
    ],
)
def test_a_pack_that_is_wrong_is_told_where(tmp_path: Path, name: str, text: str | None, said: str) -> None:
    run("new", "scenario", "waste_sorting", "--into", str(tmp_path))
    path = tmp_path / "waste_sorting" / name
    if text is None:
        path.unlink()
    else:
        path.write_text(text, "utf-8")
    told = run("check", "scenario", str(tmp_path / "waste_sorting"))
    assert told.returncode == 1
    assert "pack_invalid" in told.stderr
    assert said in told.stderr
