"""Child processes that end with everything they started."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.places import ROOT

Child = subprocess.Popen[bytes]


def start(
    command: Sequence[str | Path], folder: Path = ROOT, environment: Mapping[str, str] | None = None
) -> Child:
    """Start a command as the head of a process group of its own."""
    return subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True)


def end(child: Child, ask: signal.Signals = signal.SIGTERM, patience_s: float = 15) -> None:
    """End a child and its group: first asked, so that it can clean up, then killed."""
    if child.poll() is None:
        os.killpg(child.pid, ask)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(patience_s)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
