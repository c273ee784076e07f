"""A server that is told to stop while many listen and letters come in: it ends by itself and loses nothing."""

import asyncio
import os
import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.api.serving import WAIT_S
from tests.api.test_serve import demo, served_by

__all__ = ["demo"]
pytestmark = pytest.mark.served
N_STREAMS = 100
N_WRITERS = 4


async def listen(client: httpx.AsyncClient, is_open: asyncio.Semaphore) -> str:
    """Hold a stream open until it ends; returns its last line."""
    last = ""
    async with client.stream("GET", "/v1/stream") as answer:
        async for line in answer.aiter_lines():
            if line.startswith("retry"):
                is_open.release()
            last = line or last
    return last


async def write(client: httpx.AsyncClient, writer: int, receipts: list[dict[str, str]]) -> None:
    """Send letters until the server is gone; keeps the receipts."""
    for n in range(100_000):
        body = {"body": "楼道灯不亮。", "idempotency_key": f"stop-{writer}-{n:06d}"}
        try:
            answer = await client.post("/v1/letters", json=body)
        except httpx.HTTPError:
            return
        if answer.status_code == 201:
            receipts.append(answer.json())


async def stopped_amid_work(
    base: str, process: subprocess.Popen[str]
) -> tuple[list[str], list[dict[str, str]]]:
    """Stop a server while streams are open and letters come in."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=base, timeout=WAIT_S, limits=limits) as client:
        user = (await client.get("/v1/session")).json()["demo_users"][0]
        await client.post("/v1/session", json={name: user[name] for name in ("user_name", "password")})
        is_open = asyncio.Semaphore(0)
        streams = [asyncio.create_task(listen(client, is_open)) for _ in range(N_STREAMS)]
        for _ in streams:
            await is_open.acquire()
        receipts: list[dict[str, str]] = []
        writers = [asyncio.create_task(write(client, n, receipts)) for n in range(N_WRITERS)]
        while len(receipts) < 2 * N_WRITERS:
            await asyncio.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        ends = await asyncio.gather(*streams)
        await asyncio.gather(*writers)
    return ends, receipts


def test_a_stop_amid_streams_and_letters_loses_nothing(demo: Path) -> None:
    own = {"HUITIAN_HOME": str(demo), "HUITIAN_MAX_LETTERS_PER_H": "100000"}
    with served_by("--demo", **own) as (base, process, said):
        ends, receipts = asyncio.run(stopped_amid_work(base, process))
        assert process.wait(WAIT_S) == 0, "it ended by itself"
    words = "".join(said)
    assert "Traceback" not in words
    assert {end.strip() for end in ends} == {": closed"}
    for event in ("server_start", "server_ready", "server_stopping", "server_stop"):
        assert f'"event": "{event}"' in words, words[-2000:]
    with (
        served_by("--demo", **own) as (base, _, _said),
        httpx.Client(base_url=base, timeout=WAIT_S) as client,
    ):
        for receipt in receipts:
            code = {"X-Follow-Code": receipt["follow_code"]}
            assert client.get(f"/v1/letters/{receipt['case_no']}", headers=code).status_code == 200
    assert len({receipt["case_no"] for receipt in receipts}) == len(receipts)


def test_what_a_killed_upload_left_is_swept_at_the_start(demo: Path) -> None:
    folder = demo / "files" / "ab"
    folder.mkdir(parents=True, exist_ok=True)
    old, young = folder / ".new-old", folder / ".new-young"
    for path in (old, young):
        path.write_bytes(b"half a photo")
    long_ago_s = young.stat().st_mtime - 7200
    os.utime(old, (long_ago_s, long_ago_s))
    with served_by("--demo", HUITIAN_HOME=str(demo)) as (base, _, said):
        assert httpx.get(f"{base}/readyz").status_code == 200
    assert not old.exists()
    assert young.exists(), "somebody may still be writing it"
    assert '"event": "swept"' in "".join(said)
