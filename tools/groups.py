"""The groups of tests, what each needs of the machine, and its share of the time CI has."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tools.places import ROOT, WEB_BUILT

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUMS_OF_MAC = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)


def chromium() -> Path | None:
    """Return the browser for journeys: ``HUITIAN_CHROMIUM``, else one that the system has."""
    named = os.environ.get("HUITIAN_CHROMIUM")
    if named:
        return Path(named) if Path(named).exists() else None
    on_path = next((Path(found) for name in CHROMIUMS if (found := shutil.which(name))), None)
    return on_path or next((path for path in CHROMIUMS_OF_MAC if path.exists()), None)


def postgres_programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server programs of this machine, None where there are none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def real_data() -> Path | None:
    """Return the folder of real sets: ``HUITIAN_REAL_DATA``, else that beside the checkout."""
    named = os.environ.get("HUITIAN_REAL_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data" / "real"
    return folder if folder.is_dir() else None


@dataclass(frozen=True, slots=True)
class Need:
    """Something a group cannot run without.

    Attributes:
        is_there: Looks for it.
        missing: What to say when it is not there, and what to do.
    """

    is_there: Callable[[], bool]
    missing: str


BROWSER = Need(
    lambda: chromium() is not None, "no Chromium: apt-get install chromium, or set HUITIAN_CHROMIUM"
)
POSTGRES = Need(lambda: postgres_programs() is not None, "no PostgreSQL server: apt-get install postgresql")
SCREENS = Need((WEB_BUILT / "index.html").exists, "the screens are not built: make web")
REAL = Need(lambda: real_data() is not None, "no real data: set HUITIAN_REAL_DATA to its folder")


@dataclass(frozen=True, slots=True)
class Group:
    """Tests that run together.

    Attributes:
        name: The pytest marker; ``fast`` is what has no marker of a group.
        share_s: Its share of CI's time on two cores; None: it counts in the rest.
        n_workers: Processes of pytest-xdist; 0 runs them in one.
        dist: How pytest-xdist shares the tests out; ``worksteal`` keeps a file together while it can, so that the
            city of a file is made once, and leaves no process idle at the end.
        needs: What the machine must have.
    """

    name: str
    share_s: float | None
    n_workers: int = 0
    dist: str = "load"
    needs: tuple[Need, ...] = field(default=())

    def markers(self) -> str:
        """Return the pytest marker expression. A test with two markers belongs to the group listed last."""
        names = [group.name for group in GROUPS]
        later = names[names.index(self.name) + 1 :]
        own = [] if self.name == "fast" else [self.name]
        return " and ".join([*own, *(f"not {name}" for name in later)])


GROUPS = (
    Group("fast", 3 * 60, n_workers=2),
    Group("contract", 6 * 60, n_workers=2, needs=(POSTGRES,)),
    Group("served", None, n_workers=2),
    Group("faults", 6 * 60),
    Group("fuzz", 5 * 60, n_workers=2),
    Group("journey", 10 * 60, n_workers=2, dist="worksteal", needs=(SCREENS, BROWSER)),
    Group("package", 6 * 60, needs=(SCREENS,)),
    Group("real_data", None, needs=(REAL,)),
)
REST_SHARE_S = 9.0 * 60
"""CI's time for all else: system packages, Python, screens, lint, real data."""
