"""Letters and case steps that a server acknowledges in a second, from several writers at once."""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator

import httpx

from bench.running import Running, ask

CONCURRENT = (1, 8, 32)


def measure(running: Running, seconds: float) -> Iterator[tuple[str, float]]:
    """Yield letters a second, then steps a second on those letters, by how many write at once."""
    for n in CONCURRENT:
        rate, n_letters = asyncio.run(letters(running, n, seconds))
        yield f"letters acknowledged, {n} at once (/s)", rate
        yield f"case steps acknowledged, {n} at once (/s)", asyncio.run(steps(running, n, seconds, n_letters))


async def busily(n: int, seconds: float, one: Callable[[], Awaitable[bool]]) -> tuple[float, int]:
    """Let n writers do one thing after another; returns how many a second and how many in all."""
    n_done, began = 0, time.perf_counter()

    async def writer() -> None:
        nonlocal n_done
        while time.perf_counter() - began < seconds and await one():
            n_done += 1

    await asyncio.gather(*(writer() for _ in range(n)))
    return n_done / (time.perf_counter() - began), n_done


async def letters(running: Running, n: int, seconds: float) -> tuple[float, int]:
    """Post letters."""
    async with httpx.AsyncClient(base_url=running.base, timeout=60) as client:

        async def one() -> bool:
            body = {"body": "路灯不亮。", "is_anonymous": True, "idempotency_key": str(uuid.uuid4())}
            (await client.post("/v1/letters", json=body)).raise_for_status()
            return True

        return await busily(n, seconds, one)


async def steps(running: Running, n: int, seconds: float, n_letters: int) -> float:
    """Dispatch letters that wait."""
    session = running.sign_in("dispatcher")
    worker = {"Cookie": running.sign_in("grid_worker").cookie}
    org_id = ask(f"{running.base}/v1/session", headers=worker)[0]["user"]["org_id"]
    headers = {"Cookie": session.cookie, "X-CSRF-Token": session.csrf}
    async with httpx.AsyncClient(base_url=running.base, timeout=60, headers=headers) as client:
        waiting: list[tuple[str, int]] = []
        cursor = ""
        while len(waiting) < n_letters:
            params = {"state": "pending_dispatch", "limit": "500", "cursor": cursor}
            page = (await client.get("/v1/cases", params=params)).raise_for_status().json()
            waiting += [(row["case_id"], row["version"]) for row in page["items"]]
            cursor = page["next_cursor"] or ""
            if not cursor:
                break

        async def one() -> bool:
            if not waiting:
                return False
            case_id, version = waiting.pop()
            body = {
                "action": "dispatch", "expected_version": version, "idempotency_key": str(uuid.uuid4()),
                "facts": {"org_id": org_id}, "words": {"note": "请去看看"},
            }  # fmt: skip
            (await client.post(f"/v1/cases/{case_id}/steps", json=body)).raise_for_status()
            return True

        return (await busily(n, seconds, one))[0]
