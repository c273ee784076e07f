"""``make dev``: the demo city, with the server restarted and the screens rebuilt as files change."""

import os
import signal
import sys
import time
from pathlib import Path

from tools import children, node_env
from tools.places import ROOT, VENV, WEB

POLL_S = 0.5
SERVER = [str(VENV / "bin" / "huitian"), "serve", "--demo"]
SUFFIXES = {".py", ".toml", ".json"}


def newest(folder: Path) -> float:
    """Return when a source below the folder changed last, in Unix seconds; built screens do not count."""
    sources = (path for path in folder.rglob("*") if path.suffix in SUFFIXES and "web" not in path.parts)
    return max((path.stat().st_mtime for path in sources), default=0.0)


def main() -> int:
    """Start both, restart the server when Python or a declaration changes, end both with Ctrl-C."""
    node = node_env.of_machine() or node_env.of_venv()
    if node is None:
        sys.exit("no Node: run `make web` first")
    port = os.environ.get("HUITIAN_PORT", "8010")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # The dev server of the screens forwards what is not a screen to the server.
    environment = {**node.environment(), "HUITIAN_DEV_BACKEND": f"http://127.0.0.1:{port}"}
    screens = children.start(node.npm("run", "dev"), WEB, environment)
    server = children.start(SERVER)
    seen = newest(ROOT / "huitian")
    try:
        while screens.poll() is None:
            time.sleep(POLL_S)
            now = newest(ROOT / "huitian")
            if now != seen:
                seen = now
                print("changed: the server starts again", flush=True)
                children.end(server)
                server = children.start(SERVER)
    except KeyboardInterrupt:
        print()
    finally:
        children.end(server)
        children.end(screens)
    return 0


if __name__ == "__main__":
    sys.exit(main())
