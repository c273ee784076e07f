"""Time from a letter being posted to its event reaching 500 open screens."""

import asyncio
import json
import time
import uuid

import httpx

from bench.running import Running
from bench.spread import ms, percentile

N_CLIENTS = 500


class Screen:
    """One open stream: remembers when each case was told."""

    def __init__(self) -> None:
        self.heard_at: dict[str, float] = {}
        self.is_open = False

    async def listen(self, port: int, cookie: str) -> None:
        """Read the stream until cancelled, as a browser's EventSource does."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        request = (
            f"GET /v1/stream?topics=case HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n"
            "Accept: text/event-stream\r\n\r\n"
        )
        writer.write(request.encode())
        try:
            async for line in reader:
                self.is_open = True
                if line.startswith(b"data:") and b"case_no" in line:
                    told = json.loads(line[5:])
                    self.heard_at.setdefault(told["case_no"], time.perf_counter())
        finally:
            writer.close()


async def letters(running: Running, n_letters: int) -> tuple[list[float], int]:
    """Open 500 streams, post letters one after another; returns the delays and how many were missed."""
    cookie = running.sign_in("dispatcher").cookie
    screens = [Screen() for _ in range(N_CLIENTS)]
    tasks = [asyncio.create_task(s.listen(running.port, cookie)) for s in screens]
    while not all(s.is_open for s in screens):
        await asyncio.sleep(0.1)
    posted: dict[str, float] = {}
    async with httpx.AsyncClient(base_url=running.base, timeout=60) as client:
        for i in range(n_letters):
            body = {
                "body": f"路灯不亮，第 {i} 封。",
                "is_anonymous": True,
                "idempotency_key": str(uuid.uuid4()),
            }
            began = time.perf_counter()
            answer = await client.post("/v1/letters", json=body)
            answer.raise_for_status()
            posted[answer.json()["case_no"]] = began
            await asyncio.sleep(0.5)
    await asyncio.sleep(3)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    delays = [s.heard_at[no] - at for no, at in posted.items() for s in screens if no in s.heard_at]
    return delays, len(posted) * N_CLIENTS - len(delays)


def measure(running: Running, n_letters: int) -> list[tuple[str, str]]:
    """Return the line of the fan-out."""
    delays, n_missed = asyncio.run(letters(running, n_letters))
    words = (
        f"p50 {ms(percentile(delays, 0.5))}, p95 {ms(percentile(delays, 0.95))}, "
        f"n {len(delays):,}, missed {n_missed}"
    )
    return [(f"letter posted → heard on {N_CLIENTS} open streams", words)]
