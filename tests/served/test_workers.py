"""Several server processes for one city: they answer together, one that dies is followed by another."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.served.city import Several, several
from tests.served.conftest import PASSWORD
from tests.waiting import WAIT_S, until

pytestmark = pytest.mark.served


def test_two_processes_answer_and_any_of_them_tells_the_measures_of_both(two: Several) -> None:
    assert len(two.workers()) == 2
    assert "".join(two.said).count("Ctrl-C") == 1
    two.ask_all()
    answered = two.answered()
    n_all = sum(
        float(line.rpartition(" ")[2])
        for line in two.metrics().splitlines()
        if line.startswith("huitian_requests_total")
    )
    assert n_all >= sum(answered.values()) > 1


def test_a_case_written_at_one_process_is_heard_and_read_at_all(two: Several) -> None:
    heard: list[str] = []
    is_open = threading.Semaphore(0)

    def listen(client: httpx.Client) -> None:
        with client.stream("GET", "/v1/stream") as answer:
            for line in answer.iter_lines():
                if line.startswith("retry"):
                    is_open.release()
                if line.startswith('data: {"') and "case_stepped" in line:
                    heard.append(line)
                    return

    n_streams = 6
    with two.signed_in("leader") as leader:
        cookies = dict(leader.cookies)
        clients = [httpx.Client(base_url=two.base, cookies=cookies, timeout=WAIT_S) for _ in range(n_streams)]
        threads = [threading.Thread(target=listen, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        for _ in threads:
            assert is_open.acquire(timeout=WAIT_S)
        until(lambda: f"huitian_streams_open {float(n_streams)}" in two.metrics(), "streams are not added up")
        with two.signed_in("data_admin") as admin:
            page = {part["part"]: part for part in admin.get("/v1/health").json()["parts"]}
            assert page["workers"]["value"] == 2
            assert page["stream"]["value"] == n_streams, "the page of health tells of one process"
        with two.signed_in("dispatcher") as client:
            body = {"body": "路灯不亮", "idempotency_key": "several-1"}
            assert client.post("/v1/cases", json=body).status_code == 201
        for thread in threads:
            thread.join(WAIT_S)
        for one in clients:
            one.close()
    assert len(heard) == n_streams
    until(lambda: "huitian_streams_open 0.0" in two.metrics(), "streams are not taken off")


def test_signing_out_ends_the_streams_at_all_processes(two: Several) -> None:
    n_streams = 6
    is_open, is_over = threading.Semaphore(0), threading.Semaphore(0)

    def listen(client: httpx.Client) -> None:
        with client.stream("GET", "/v1/stream") as answer:
            for line in answer.iter_lines():
                if line.startswith("retry"):
                    is_open.release()
        is_over.release()

    with two.signed_in("leader") as leader:
        cookies = dict(leader.cookies)
        clients = [httpx.Client(base_url=two.base, cookies=cookies, timeout=WAIT_S) for _ in range(n_streams)]
        for client in clients:
            threading.Thread(target=listen, args=(client,), daemon=True).start()
        for _ in clients:
            assert is_open.acquire(timeout=WAIT_S)
        assert leader.delete("/v1/session").status_code == 204
        for _ in clients:
            assert is_over.acquire(timeout=WAIT_S)
        for client in clients:
            client.close()


def test_wrong_passwords_are_counted_by_all_together(two: Several) -> None:
    said = []
    for _ in range(6):
        with two.client() as client:
            said.append(
                client.post("/v1/session", json={"user_name": "auditor", "password": "x"}).status_code
            )
    assert said == [401] * 5 + [429]


def test_one_that_dies_is_followed_by_another_and_its_gauges_go(home: Path) -> None:
    with several(home, HUITIAN_STORE_PASSWORD=PASSWORD) as server, server.signed_in("leader") as leader:
        server.ask_all()
        before = server.workers()
        first = min(before)
        cookies = dict(leader.cookies)
        os.kill(first, signal.SIGKILL)
        until(lambda: len(server.workers() - {first}) == 2, "nobody follows")
        server.ask_all()
        assert first not in server.answered()
        assert len(server.workers() & before) == 1
        with httpx.Client(base_url=server.base, cookies=cookies) as client:
            assert client.get("/v1/session").json()["user"] is not None


def test_workers_do_not_outlive_who_started_them(home: Path) -> None:
    words = [sys.executable, "-m", "huitian.cli", "serve", "--demo", "--workers", "2", "--port", "0"]
    own = {"HUITIAN_HOME": str(home), "HUITIAN_STORE_PASSWORD": PASSWORD, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env={**os.environ, **own})
    assert process.stdout is not None
    assert any("Ctrl-C" in line for line in iter(process.stdout.readline, ""))
    workers = Several(process).workers()
    assert len(workers) == 2
    process.kill()
    process.wait(WAIT_S)
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), "they serve on")
    process.stdout.close()


def test_a_stop_ends_requests_and_streams(home: Path) -> None:
    with (
        several(home, HUITIAN_STORE_PASSWORD=PASSWORD) as server,
        server.signed_in("leader") as client,
        client.stream("GET", "/v1/stream") as answer,
    ):
        lines = answer.iter_lines()
        assert next(lines).startswith("retry")
        server.process.send_signal(signal.SIGINT)
        assert any("closed" in line for line in lines)
        assert server.process.wait(WAIT_S) == 0


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "huitian.cli", "serve", *words, "--port", "0"], capture_output=True, text=True,
        check=False, timeout=WAIT_S, env={"PATH": "/usr/bin:/bin", "HUITIAN_LANGUAGE": "en", **environment},
    )  # fmt: skip


def test_sqlite_is_served_by_one_process(tmp_path: Path) -> None:
    for words in ((str(tmp_path), "--workers", "2"), ("--demo", "--workers", "2")):
        told = run(*words, HUITIAN_HOME=str(tmp_path / "new"))
        assert told.returncode == 2
        assert "SQLite is served by one process" in told.stderr
        assert "bad_setting" in told.stderr
        assert not told.stdout
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("n", ["1", "2"])
def test_a_database_that_does_not_let_in_is_told_once(home: Path, address: str, n: str) -> None:
    nobody = address.replace("huitian@", "nobody_known@")
    for store, password, code, words in (
        (address, "wrong", "store_refused", "the password is wrong"),
        (address, "", "store_refused", "the password is wrong"),
        (nobody, PASSWORD, "store_refused", "the password is wrong"),
        (address + "x", PASSWORD, "store_refused", "no such database"),
        ("postgresql://huitian@127.0.0.1:1/city", PASSWORD, "store_away", "does not answer"),
    ):
        told = run(str(home), "--workers", n, HUITIAN_STORE_ADDRESS=store, HUITIAN_STORE_PASSWORD=password)
        assert told.returncode == 1, told.stderr
        assert told.stderr.count(f"[{code}]") == 1, told.stderr
        assert words in told.stderr
        assert "Traceback" not in told.stderr
        assert PASSWORD not in told.stderr
        assert not told.stdout


def test_who_dies_again_and_again_is_given_up_with_a_reason(home: Path) -> None:
    with several(home, HUITIAN_STORE_PASSWORD=PASSWORD) as server:
        stopped: set[int] = set()

        def all_killed() -> bool:
            for pid in server.workers() - stopped:
                os.kill(pid, signal.SIGKILL)
                stopped.add(pid)
            return server.process.poll() is not None

        until(all_killed, "it is tried for ever")
        assert server.process.returncode == 1
        time.sleep(0.2)
        words = "".join(server.said)
        assert "workers_failed" in words
        assert "signal 9" in words
