"""A small city, outside hosts, and the carrier's folders between them, all of them real."""

import itertools
import shutil
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from huitian.app.city import OpenCity, open_city
from huitian.app.ferry import ferry_of
from huitian.app.outside import make_outside, open_outside
from huitian.clock import ManualClock
from huitian.ferry.keys import make_keys, read_keys
from huitian.ferry.packing import Packed, pack
from huitian.ferry.parts import FerryParts
from huitian.ferry.peers import trust
from huitian.ferry.taking import Outcome, take
from huitian.model.case import Letter, Opened
from huitian.model.query import Condition, Query, Row
from huitian.model.scope import Scope
from huitian.settings import CITY_FILE, city_text, read_settings
from tests.cases.conftest import DISPATCHER, GRID1, START, make_town

PREFIXES = {"wx1": "WX", "wx2": "WY"}
STEPS: tuple[tuple[Scope, str, dict[str, Any] | None, dict[str, str] | None], ...] = (
    (DISPATCHER, "dispatch", {"org_id": "org:com1"}, None),
    (GRID1, "sign", None, None),
    (GRID1, "handle", {"is_contact": True}, {"note": "已上门"}),
    (GRID1, "reply", None, {"reply": "已修好，室温 20 度。"}),
)


def photo(shade: int = 120) -> bytes:
    """Return a small photo."""
    told = BytesIO()
    Image.new("RGB", (24, 16), (shade, 90, 60)).save(told, "JPEG")
    return told.getvalue()


@dataclass
class Crossing:
    """One city, its outside hosts, and a folder for each way of each host.

    Attributes:
        home: Where everything lies.
        clock: The time of all of them.
        sides: The ferry of each, the city under ``city``.
    """

    home: Path
    clock: ManualClock = field(default_factory=lambda: ManualClock(START))
    sides: dict[str, FerryParts] = field(default_factory=dict)
    opened: dict[str, OpenCity] = field(default_factory=dict)
    keys: Any = field(default_factory=lambda: itertools.count(1))

    @classmethod
    def begun(cls, home: Path, *hosts: str, **settings: object) -> "Crossing":
        """Make the city and the hosts, let them trust one another, and bring the published data out."""
        made = cls(home)
        make_town(home / "city").engine.close()
        told = city_text({"name_zh": "海安区", "name_en": "Hai'an", "root_place": "admin:110199", **settings})
        (home / "city" / CITY_FILE).write_text(told, encoding="utf-8")
        make_keys(home / "city", "city")
        for host in hosts:
            make_outside(home / host, host)
            if settings:
                path = home / host / CITY_FILE
                path.write_text(city_text({"is_outside": True, **settings}), encoding="utf-8")
        for name in ("city", *hosts):
            made.open(name)
        for host in hosts:
            trust(made.sides[host], str(made.sides["city"].keys.public))
            trust(made.sides["city"], str(made.sides[host].keys.public), PREFIXES[host])
        for host in hosts:
            made.pack("city")
            assert [one.fate for one in made.take(host)] == ["taken"]
            made.open(host)
        return made

    def open(self, name: str) -> None:
        """Open a side, or open it again as a new process would."""
        if name in self.opened:
            self.opened.pop(name).close()
        folder = self.home / name
        if name == "city":
            city = open_city(folder, read_settings(folder), self.clock)
        else:
            city = open_outside(folder, read_settings(folder), self.clock)
        self.opened[name] = city
        self.sides[name] = ferry_of(city, read_keys(folder))

    def close(self) -> None:
        """Give everything back."""
        for city in self.opened.values():
            city.close()
        self.opened.clear()

    @property
    def city(self) -> OpenCity:
        """The city."""
        return self.opened["city"]

    def boat(self, name: str) -> Path:
        """Return the folder that files for a side come in by; those of the city come out of one folder."""
        return self.home / f"to-{name}"

    def pack(self, name: str) -> list[Packed]:
        """Pack on one side; the carrier brings each file to whom it is for."""
        out = self.home / f"from-{name}"
        packed = pack(self.sides[name], out)
        for path in sorted(out.glob("*.ferry")):
            receiver = path.name.split("-")[1]
            self.boat(receiver).mkdir(exist_ok=True)
            shutil.move(path, self.boat(receiver) / path.name)
        return packed

    def take(self, name: str) -> list[Outcome]:
        """Take on one side what came in."""
        return take(self.sides[name], self.boat(name))

    def settle(self, rounds: int = 4) -> None:
        """Let the ferry go to and fro until nothing is left to say."""
        for _ in range(rounds):
            for name in self.sides:
                self.pack(name)
            for name in self.sides:
                self.take(name)

    def write(
        self, host: str, words: str = "楼道灯坏了", *, files: tuple[bytes, ...] = (), **more: Any
    ) -> Opened:
        """Send a letter on an outside host."""
        box = self.opened[host]
        file_ids = tuple(box.engine.files.keep(content) for content in files)
        told = {"place_id": "admin:110199001001"} | more
        key = told.pop("idempotency_key", f"letter-{next(self.keys):08d}")
        return box.letters.open_case(Letter(words, key, file_ids=file_ids, **told))

    def view(self, host: str, letter: Opened) -> dict[str, Any]:
        """Return a letter as its writer sees it outside."""
        return self.opened[host].following.letter(letter.case_no, letter.follow_code)

    def rows(self, name: str, entity: str, *where: Condition) -> list[Row]:
        """Return rows of a side's store."""
        return self.sides[name].rows(None, entity, *where)

    def case(self, case_no: str) -> Row | None:
        """Return the case of a number."""
        query = Query("case", (Condition("case_no", "eq", case_no),), limit=2)
        rows = self.city.engine.records.read(self.city.planner.raw("case"), query).rows
        assert len(rows) < 2
        return rows[0] if rows else None

    def answer(self, case_no: str) -> None:
        """Take a case from its letter to the reply, inside."""
        row = self.case(case_no)
        assert row is not None
        for version, (scope, action, facts, words) in enumerate(STEPS, 1):
            self.city.log.take(scope, row["case_id"], action, version, f"{action}-{case_no}", facts, words)
