"""Brings one store up to date in a process that can be stopped: ``python -m tests.contract.upgrading ADDRESS POINT``.

POINT is ``kill:N`` (SIGKILL before the n-th statement), ``kill:commit`` (before the commit), ``kill:committed`` (just
after), ``wait:FILE`` (in the middle: after the first table is made, until the file is there) or ``run``. Every
statement is told on standard output before it is sent, so that whoever waits knows how far it is.
"""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

from huitian.engine.store import bring_up
from tests.contract.old_stores import connect


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    address, (what, _, point) = sys.argv[1], sys.argv[2].partition(":")
    n_sent, has_made = 0, False

    def sent(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal n_sent, has_made
        n_sent += 1
        print(n_sent, " ".join(statement.split())[:60], flush=True)
        if point == str(n_sent):
            die()
        while what == "wait" and has_made and not Path(point).exists():
            time.sleep(0.02)
        has_made = has_made or "CREATE TABLE" in statement

    commit = DefaultDialect.do_commit

    def counted_commit(self: DefaultDialect, connection: Any) -> None:
        if point == "commit":
            die()
        commit(self, connection)
        if point == "committed":
            die()

    DefaultDialect.do_commit = counted_commit  # type: ignore[method-assign]
    event.listen(Engine, "before_cursor_execute", sent)
    sql = connect(address)
    bring_up(sql)
    sql.dispose()
    print("done", flush=True)


if __name__ == "__main__":
    main()
