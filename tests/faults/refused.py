"""What must hold while a store or its disk takes no writes, whatever the reason, and when it does again."""

import json
import re
import threading
import time
from collections.abc import Callable
from io import BytesIO
from itertools import count

import httpx
from PIL import Image

from tests.api.serving import WAIT_S, problem

MOST_LETTERS = 5_000
LETTER = "楼道灯不亮，请来看看。" * 40
KEYS = count(1)


class Heard:
    """A live stream, read on a thread of its own."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self.case_nos: set[str] = set()
        self.is_open = threading.Event()
        self.is_over = threading.Event()
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        assert self.is_open.wait(WAIT_S)

    def _read(self) -> None:
        try:
            with self._client.stream("GET", "/v1/stream", params={"topics": "case"}, timeout=None) as answer:
                for line in answer.iter_lines():
                    self.is_open.set()
                    if line.startswith("data: ") and "case_no" in line:
                        with self._news:
                            self.case_nos.add(json.loads(line[6:])["case_no"])
                            self._news.notify_all()
        except httpx.HTTPError:
            # The test is over and its client closed.
            pass
        finally:
            self.is_over.set()

    def hears(self, case_no: str) -> bool:
        """Wait for the event of a letter."""
        with self._news:
            return self._news.wait_for(lambda: case_no in self.case_nos, WAIT_S)


def letter(client: httpx.Client, key: str) -> httpx.Response:
    """Send a letter as a resident."""
    return client.post("/v1/letters", json={"body": LETTER, "idempotency_key": key})


def photo() -> bytes:
    """Return a photo that was never sent before."""
    told = BytesIO()
    Image.effect_noise((640, 480), 90).save(told, "JPEG", quality=95)
    return told.getvalue()


def until_taken(client: httpx.Client, key: str) -> httpx.Response:
    """Send a letter again until it is taken: a connection that was ended may take a moment to go."""
    until_s = time.monotonic() + WAIT_S
    while (answer := letter(client, key)).status_code != 201 and time.monotonic() < until_s:
        time.sleep(0.2)
    return answer


def until_ready(client: httpx.Client) -> None:
    """Ask until the server says that all is well: what reads the outbox comes back a moment after the rest."""
    until_s = time.monotonic() + WAIT_S
    while (told := client.get("/readyz")).json()["status"] != "ready":
        assert time.monotonic() < until_s, told.text
        time.sleep(0.2)


def refuses_and_recovers(
    worker: httpx.Client, resident: httpx.Client, stop: Callable[[], None], go_on: Callable[[], None],
    status: int, code: str, *, photos_too: bool = True, ready_codes: frozenset[str] = frozenset(),
) -> None:  # fmt: skip
    """Take a store its writes, and give them back; assert all that must hold.

    Args:
        worker: A client that is signed in as a dispatcher.
        resident: A client of nobody.
        stop: Takes the writes; a store may still have room for some.
        go_on: Gives them back.
        status: What a refused write is answered with.
        code: The code of its problem.
        photos_too: Whether the disk of the photos takes none either.
        ready_codes: What ``/readyz`` must say meanwhile.
    """
    receipts = {}
    first = letter(resident, "before-it-began")
    assert first.status_code == 201, first.text
    receipts["before-it-began"] = first.json()
    case = worker.get("/v1/cases", params={"limit": 1}).json()["items"][0]
    heard = Heard(worker)
    stop()
    try:
        refused = f"refused-{next(KEYS)}"
        for _ in range(MOST_LETTERS):
            answer = letter(resident, refused)
            if answer.status_code != 201:
                break
            receipts[refused] = answer.json()
            refused = f"refused-{next(KEYS)}"
        told = problem(answer, status, code)
        assert told["what_to_do_zh"]
        assert "where" not in told
        assert re.findall(r"postgresql:|/tmp|\.sqlite", answer.text) == [], "insides are not for everybody"
        # Whoever was signed in still is, and reads; the screens are there; probes say why.
        assert worker.get("/v1/session").json()["user"]["role"] == "dispatcher"
        assert worker.get(f"/v1/cases/{case['case_id']}").status_code == 200
        assert worker.get("/v1/cases").status_code == 200
        assert resident.get("/desk").status_code in {200, 503}
        assert resident.get("/healthz").status_code == 200
        ready = resident.get("/readyz")
        assert ready.status_code == 200, "reading goes on: it stays in turn"
        assert ready_codes <= {one["code"] for one in ready.json()["reasons"]}
        assert resident.get("/metrics").status_code == 200
        # Where a letter has no room a note may still have some.
        version = case["version"]
        for _ in range(MOST_LETTERS):
            step = {"action": "note", "expected_version": version, "idempotency_key": f"a-note-at-{version}",
                    "words": {"note": LETTER}}  # fmt: skip
            answer = worker.post(f"/v1/cases/{case['case_id']}/steps", json=step)
            if answer.status_code not in {200, 201}:
                break
            version = answer.json()["version"]
        problem(answer, status, code)
        sent = resident.post("/v1/files", files={"file": ("photo.jpg", photo(), "image/jpeg")})
        if photos_too:
            problem(sent, status, code)
        assert not heard.is_over.is_set()
    finally:
        go_on()
    # By itself, without a restart: the same letter again, under the same key, is taken now, once.
    again = until_taken(resident, refused)
    assert again.status_code == 201, again.text
    receipts[refused] = again.json()
    assert letter(resident, refused).json() == again.json()
    taken = worker.post(f"/v1/cases/{case['case_id']}/steps", json=step)
    assert taken.status_code in {200, 201}, taken.text
    assert taken.json()["version"] == version + 1
    assert resident.post("/v1/files", files={"file": ("photo.jpg", photo(), "image/jpeg")}).status_code == 201
    for receipt in receipts.values():
        found = resident.get(
            f"/v1/letters/{receipt['case_no']}", headers={"X-Follow-Code": receipt["follow_code"]}
        )
        assert found.status_code == 200, "what was acknowledged is there"
    assert len({receipt["case_no"] for receipt in receipts.values()}) == len(receipts)
    assert heard.hears(again.json()["case_no"]), "the stream that was open goes on"
