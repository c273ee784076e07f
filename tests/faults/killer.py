"""Runs ``huitian`` and kills it dead at the n-th commit or statement: ``python -m tests.faults.killer POINT N ARGS…``.

POINT is ``statement`` (before it is sent), ``commit`` (before) or ``committed`` (just after). With N = 0 nothing
is killed, and the last line of standard error tells how many of each there were.
"""

import os
import signal
import sys
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

POINTS = ("statement", "commit", "committed")


def main() -> None:
    point, number, arguments = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    counts = dict.fromkeys(POINTS, 0)

    def reached(which: str) -> None:
        counts[which] += 1
        if which == point and counts[which] == number:
            os.kill(os.getpid(), signal.SIGKILL)

    commit = DefaultDialect.do_commit

    def counted_commit(self: DefaultDialect, connection: Any) -> None:
        reached("commit")
        commit(self, connection)
        reached("committed")

    DefaultDialect.do_commit = counted_commit  # type: ignore[method-assign]
    event.listen(Engine, "before_cursor_execute", lambda *_: reached("statement"))

    from huitian.cli import main as huitian

    sys.argv = ["huitian", *arguments]
    try:
        huitian()
    finally:
        sys.stderr.write(f"\n{' '.join(f'{name}={n}' for name, n in counts.items())}\n")


if __name__ == "__main__":
    main()
