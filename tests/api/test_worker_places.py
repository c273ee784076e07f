"""What becomes of the places of server processes: here each process is a shell that says it is up."""

import errno
import json
import logging
import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from huitian.api import workers
from huitian.api.workers import Workers
from huitian.errors import WorkersFailed

UP = "echo up > /dev/fd/{0}; exec sleep 60"


def started(pipe: int, script: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(["sh", "-c", script.format(pipe)], pass_fds=(pipe,))


def events(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [json.loads(record.getMessage()) for record in caplog.records]


def test_a_machine_that_can_start_no_process_at_the_moment_is_asked_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[int] = []

    def start(_listening: int, pipe: int) -> "subprocess.Popen[bytes]":
        calls.append(pipe)
        if len(calls) == 2:
            raise OSError(errno.EAGAIN, "no process left")
        return started(pipe, UP)

    with socket.socket() as bound, caplog.at_level(logging.WARNING, "huitian.server"):
        Workers(2, bound, start, tmp_path).run(lambda: os.kill(os.getpid(), signal.SIGTERM))
    assert len(calls) == 3
    (told,) = events(caplog)
    assert (told["event"], told["worker"], told["why"]) == ("worker_ended", None, "BlockingIOError")


def test_one_that_never_answers_is_given_up_however_long_each_attempt_takes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "QUICK_S", 0.0)
    monkeypatch.setattr(workers, "FIRST_AGAIN_S", 0.01)

    def start(_listening: int, pipe: int) -> "subprocess.Popen[bytes]":
        return started(pipe, "echo the city is gone > /dev/fd/{0}; exit 1")

    with (
        socket.socket() as bound,
        caplog.at_level(logging.WARNING, "huitian.server"),
        pytest.raises(WorkersFailed) as told,
    ):
        Workers(1, bound, start, tmp_path).run(lambda: pytest.fail("it is not up"))
    assert told.value.facts["why"] == "the city is gone"
    assert {(one["event"], one["why"]) for one in events(caplog)} == {("worker_ended", "the city is gone")}
    assert all(isinstance(one["worker"], int) for one in events(caplog))
