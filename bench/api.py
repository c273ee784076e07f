"""Time to answer of the API with 50 readers at once, each waiting for its answer before the next question."""

import asyncio
import time

import httpx

from bench.running import Running
from bench.spread import ms, percentile

N_USERS = 50
QUESTIONS = {
    "case queue, 50 rows": "/v1/cases?limit=50",
    "one figure, whole city": "/v1/numbers/cases.open",
    "a rate with its comparison": "/v1/numbers/mailbox.solved_rate",
    "figure by street": "/v1/numbers/cases.open/units",
    "buildings in a box": "/v1/layers/building?box={box}",
    "open cases on the map": "/v1/layers/case?box={box}",
    "places below the root": "/v1/places?limit=100",
}


async def load(running: Running, path: str, seconds: float) -> tuple[list[float], int]:
    """Ask one question from 50 connections; returns times and how many answers were not 200."""
    session = running.sign_in("dispatcher")
    times: list[float] = []
    n_wrong = 0
    until = time.monotonic() + seconds
    limits = httpx.Limits(max_connections=N_USERS)
    headers = {"Cookie": session.cookie}
    async with httpx.AsyncClient(base_url=running.base, limits=limits, timeout=60, headers=headers) as client:

        async def user() -> None:
            nonlocal n_wrong
            while time.monotonic() < until:
                began = time.perf_counter()
                answer = await client.get(path)
                times.append(time.perf_counter() - began)
                n_wrong += answer.status_code != 200

        await asyncio.gather(*(user() for _ in range(N_USERS)))
    return times, n_wrong


def times_of(running: Running, seconds: float) -> dict[str, tuple[list[float], int]]:
    """Return the times of every question and how many answers were not 200."""
    cookie = running.sign_in("dispatcher").cookie
    box = httpx.get(f"{running.base}/v1/city", headers={"Cookie": cookie}).json()["box"]
    middle = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]
    small = ",".join(
        f"{v:.5f}" for v in (middle[0] - 0.01, middle[1] - 0.01, middle[0] + 0.01, middle[1] + 0.01)
    )
    return {
        name: asyncio.run(load(running, path.format(box=small), seconds)) for name, path in QUESTIONS.items()
    }


def measure(running: Running, seconds: float) -> list[tuple[str, str]]:
    """Return one line a question."""
    found = []
    for name, (times, n_wrong) in times_of(running, seconds).items():
        words = (
            f"p50 {ms(percentile(times, 0.5))}, p95 {ms(percentile(times, 0.95))}, "
            f"{len(times) / seconds:,.0f} answers/s, n {len(times):,}, not 200: {n_wrong}"
        )
        found.append((f"API, {N_USERS} readers: {name}", words))
    return found
