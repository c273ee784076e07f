"""Letters taken all the way over HTTP by people who do not give up: what was not answered is sent again, unchanged."""

import io
import random
import threading
import time
import uuid
from typing import Any

import httpx
from PIL import Image

WAIT_S = 90.0
ACTIONS = ["accept", "dispatch", "sign", "handle", "reply", "visit"]
ENDS_AS = {
    "state": "visiting", "version": len(ACTIONS), "is_contacted": True, "solved": "solved", "satisfied": "yes",
    "n_files": 2,
}  # fmt: skip


def photo(draw: random.Random) -> bytes:
    """Return a JPEG that no other call returns."""
    pixels = Image.frombytes("RGB", (32, 32), draw.randbytes(32 * 32 * 3))
    content = io.BytesIO()
    pixels.save(content, "JPEG", quality=90)
    return content.getvalue()


class Person:
    """Somebody at a screen: asks until there is an answer.

    Args:
        base: Address of the server.
    """

    def __init__(self, base: str) -> None:
        self._client = httpx.Client(base_url=base, timeout=WAIT_S)
        self.org_id = self.place_id = ""
        self.n_unanswered = 0

    def sign_in(self, user_name: str) -> None:
        """Sign in as a demo account."""
        password = self.ask("GET", "/v1/session")["demo_users"][0]["password"]
        session = self.ask("POST", "/v1/session", json={"user_name": user_name, "password": password})
        self._client.headers["X-CSRF-Token"] = session["csrf"]
        self.org_id, self.place_id = session["user"]["org_id"], session["user"]["place_id"]

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """Send a request until it is answered; returns the JSON of the answer, which must be a success."""
        until = time.monotonic() + WAIT_S
        while True:
            try:
                answer = self._client.request(method, path, **body)
                # The store is away or busy: nothing was promised, and trying again is what the words say.
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() > until:
                    break
            except httpx.TransportError:
                if time.monotonic() > until:
                    raise
            self.n_unanswered += 1
            time.sleep(0.05)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def close(self) -> None:
        """Go home."""
        self._client.close()


class Story(threading.Thread):
    """One letter from its writing to its rating.

    Args:
        resident: Who writes.
        dispatcher: Who gives it to the worker's body.
        worker: Who handles it.
        seed: Of the photos.

    Attributes:
        case_id: The case; empty until the letter was answered.
        acknowledged: Highest version that somebody was told.
        failure: What went wrong; None when all went well.
    """

    def __init__(self, resident: Person, dispatcher: Person, worker: Person, seed: int) -> None:
        super().__init__(daemon=True)
        self._resident, self._dispatcher, self._worker = resident, dispatcher, worker
        self._draw = random.Random(seed)
        self.case_id = ""
        self.case_no = ""
        self.acknowledged = 0
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Take all steps."""
        try:
            self._take_all()
        except BaseException as error:  # noqa: BLE001 (told by the thread that waits)
            self.failure = error

    def _take_all(self) -> None:
        letter = {
            "body": "楼道灯不亮，请来看看。", "place_id": self._worker.place_id, "is_anonymous": True,
            "file_ids": [self._photo(self._resident)], "idempotency_key": str(uuid.uuid4()),
        }  # fmt: skip
        sent = self._resident.ask("POST", "/v1/letters", json=letter)
        self.case_no = sent["case_no"]
        found = self._dispatcher.ask("GET", "/v1/cases", params={"q": self.case_no})["items"]
        assert [row["case_no"] for row in found] == [self.case_no]
        self.case_id, self.acknowledged = found[0]["case_id"], 1
        self._step(self._dispatcher, "dispatch", {"org_id": self._worker.org_id}, {"note": "请今天去看"})
        self._step(self._worker, "sign")
        self._step(self._worker, "handle", {"is_contact": True, "means": "phone"})
        self._step(self._worker, "reply", {"result": "solved"}, {"reply": "已经修好。"}, is_seen=True)
        rating = {
            "code": sent["follow_code"], "is_contacted": True, "solved": "solved", "satisfied": "yes",
            "idempotency_key": str(uuid.uuid4()),
        }  # fmt: skip
        self._resident.ask("POST", f"/v1/letters/{self.case_no}/rating", json=rating)
        self.acknowledged += 1

    def _step(
        self, who: Person, action: str, facts: Any = None, words: Any = None, *, is_seen: bool = False
    ) -> None:
        body = {
            "action": action, "expected_version": self.acknowledged, "idempotency_key": str(uuid.uuid4()),
            "facts": facts or {}, "words": words or {}, "file_ids": [self._photo(who)] if is_seen else [],
        }  # fmt: skip
        page = who.ask("POST", f"/v1/cases/{self.case_id}/steps", json=body)
        assert page["version"] == self.acknowledged + 1
        self.acknowledged = page["version"]

    def _photo(self, who: Person) -> str:
        files = {"file": ("photo.jpg", photo(self._draw), "image/jpeg")}
        kept: str = who.ask("POST", "/v1/files", files=files)["file_id"]
        return kept
