"""A visit to an installed Huitian, from its command alone: started by itself, with the standard library only.

``python visit.py COMMAND FOLDER`` serves the demo city from FOLDER, looks at every end, sends a
letter as a resident and follows it, stops the server, and writes what it saw as one line of JSON.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

WAIT_S = 300.0
ENDS = ("", "cockpit", "desk", "mobile", "public")
LETTER = {
    "body": "楼道的灯不亮，已经三天了。", "file_ids": [], "idempotency_key": "6f8e4a52-3f0e-4d5d-9f57-0a9f6c1d2e3b",
    "is_anonymous": False, "name": "测试乙", "phone": "12013800139",
}  # fmt: skip


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Visit:
    """One server, visited."""

    def __init__(self, command: str, folder: Path) -> None:
        self.base = f"http://127.0.0.1:{free_port()}"
        own = {k: v for k, v in os.environ.items() if not k.startswith(("HUITIAN_DEV", "PYTHON"))}
        self.log = folder / "server.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [command, "serve", "--demo", "--port", self.base.rpartition(":")[2]],
                cwd=folder, env=own, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def ask(
        self, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Return status, text and type of an answer."""
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(
            self.base + path, data, {"Content-Type": "application/json", **(headers or {})}
        )
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                return answer.status, answer.read().decode("utf-8", "replace"), answer.headers["Content-Type"]
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode("utf-8", "replace"), error.headers["Content-Type"]

    def wait(self) -> dict[str, object]:
        """Return what /readyz says once the server is there."""
        until = time.monotonic() + WAIT_S
        while True:
            try:
                status, text, _ = self.ask("/readyz")
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise SystemExit(f"not served:\n{self.log.read_text('utf-8')[-3000:]}") from None
                time.sleep(0.3)
            else:
                return {"http": status, **json.loads(text)}

    def pages(self) -> dict[str, int]:
        """Return the status of every end, and of every hashed asset that they name."""
        seen = {}
        for end in ENDS:
            status, text, _ = self.ask(f"/{end}")
            seen[f"/{end}"] = status
            for asset in re.findall(r'(?:src|href)="(/assets/[^"]+)"', text):
                seen[asset] = self.ask(asset)[0]
        return seen | {path: self.ask(path)[0] for path in ("/licences.txt", "/openapi.json")}

    def letter(self) -> dict[str, object]:
        """Send a letter and return what its writer sees of it."""
        place = json.loads(self.ask("/v1/public/places")[1])["items"][0]
        status, text, _ = self.ask("/v1/letters", LETTER | {"place_id": place["place_id"]})
        if status >= 300:
            return {"http": status, "said": text}
        taken = json.loads(text)
        code = {"X-Follow-Code": taken["follow_code"]}
        status, text, _ = self.ask(f"/v1/letters/{taken['case_no']}", headers=code)
        return {"http": status, **(json.loads(text) if status == 200 else {"said": text})}

    def stop(self) -> int:
        """Ask it to stop and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


def main() -> int:
    """Visit and tell."""
    visit = Visit(sys.argv[1], Path(sys.argv[2]))
    try:
        said = {"ready": visit.wait(), "pages": visit.pages(), "letter": visit.letter()}
        said["exit"] = visit.stop()
    finally:
        if visit.process.poll() is None:
            visit.process.kill()
    print(json.dumps(said, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
