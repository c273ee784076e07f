import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tools import children

PARENT = """
import signal, subprocess, sys
inner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(inner.pid, file=open(sys.argv[1], "w"), flush=True)
{more}
inner.wait()
"""


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads /proc")
@pytest.mark.parametrize(
    "more", ["", "for s in (signal.SIGTERM, signal.SIGINT): signal.signal(s, signal.SIG_IGN)"]
)
def test_what_a_child_started_ends_with_it(tmp_path, more):
    told = tmp_path / "pid"
    child = children.start([sys.executable, "-c", PARENT.format(more=more), str(told)])
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and not (told.exists() and told.read_text().strip()):
        time.sleep(0.02)
    inner = int(told.read_text())
    assert is_alive(inner)
    children.end(child, signal.SIGTERM, patience_s=0.5)
    while time.monotonic() < deadline and is_alive(inner):
        time.sleep(0.02)
    assert not is_alive(inner)
