"""Letters that a test needs to be there: written through the public door, found by the desk."""

import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import APIRequestContext

from bench.running import ask

N_WRITERS = 4


def post_letter(asked: APIRequestContext, body: str, **more: Any) -> dict[str, str]:
    """Send a letter; returns its number and code."""
    letter = {"body": body, "is_anonymous": True, "idempotency_key": str(uuid.uuid4())} | more
    answer = asked.post("/v1/letters", data=letter)
    assert answer.ok, answer.text()
    receipt: dict[str, str] = answer.json()
    return receipt


def case_id_of(asked: APIRequestContext, case_no: str) -> str:
    """Return the id of a case, asked with the session of somebody who may see it."""
    found = asked.get("/v1/cases", params={"q": case_no}).json()["items"]
    assert [row["case_no"] for row in found] == [case_no]
    case_id: str = found[0]["case_id"]
    return case_id


def take_step(asked: APIRequestContext, case_id: str, action: str, **body: Any) -> None:
    """Take a step as the signed-in person, on the version as it is."""
    csrf = asked.get("/v1/session").json()["csrf"]
    version = asked.get(f"/v1/cases/{case_id}").json()["version"]
    step = {"action": action, "expected_version": version, "idempotency_key": str(uuid.uuid4())} | body
    answer = asked.post(f"/v1/cases/{case_id}/steps", data=step, headers={"X-CSRF-Token": csrf})
    assert answer.ok, answer.text()


@contextmanager
def letters_at_once(base: str, bodies: Iterable[str]) -> Iterator[list[Future[str]]]:
    """Have some writers send letters beside the test; the block may look on, and is left when all are taken."""

    def write(body: str) -> str:
        letter = {"body": body, "is_anonymous": True, "idempotency_key": str(uuid.uuid4())}
        return str(ask(f"{base}/v1/letters", letter)[0]["case_no"])

    with ThreadPoolExecutor(N_WRITERS) as writers:
        sent = [writers.submit(write, body) for body in bodies]
        yield sent
    for one in sent:
        one.result()
