"""What every outbox and every file store must do."""

import threading

import pytest

from huitian.base.planner import Planner
from huitian.engine.ports import Engine
from huitian.errors import NotAllowed, NotFound
from huitian.model.query import Event
from huitian.model.scope import Scope
from tests.base.towns import settle

pytestmark = pytest.mark.contract

CITY = Scope("u1", None, "V2", "dispatcher")


@pytest.fixture
def planner(engine: Engine) -> Planner:
    """Return the planner of the small town."""
    return settle(engine)


def emit(engine: Engine, *places: str, topic: str = "case") -> int:
    with engine.records.writing() as writing:
        return writing.emit(Event(topic, "case_stepped", {"case_no": "HT1"}, places))


def test_events_come_in_order_and_once(engine: Engine, planner: Planner) -> None:
    numbers = [emit(engine) for _ in range(5)]
    with pytest.raises(NotAllowed):
        planner.allow(CITY, "outbox")
    allowed = planner.system("outbox")
    first = engine.events.read_since(allowed, 0, ["case"], limit=3)
    rest = engine.events.read_since(allowed, first[-1].seq, ["case"])
    assert [e.seq for e in (*first, *rest)] == numbers
    assert engine.events.read_since(allowed, numbers[-1], ["case"]) == []
    assert engine.events.read_since(allowed, 0, ["load"]) == []


def test_a_waiting_reader_is_woken(engine: Engine, planner: Planner) -> None:
    woken = threading.Event()
    waiter = threading.Thread(target=lambda: engine.events.wait(0, 20) and woken.set())
    waiter.start()
    emit(engine)
    waiter.join(timeout=20)
    assert woken.is_set()
    assert not engine.events.wait(engine.events.last_seq(), 0.01)


def test_a_file_is_kept_by_its_content(engine: Engine, planner: Planner) -> None:
    allowed = planner.allow(CITY, "case_file")
    first, again = engine.files.keep(b"photo"), engine.files.keep(b"photo")
    assert first == again
    with engine.files.open_file(allowed, first) as file:
        assert file.read() == b"photo"
    assert list(engine.files.list_ids()) == [first]


@pytest.mark.parametrize("file_id", ["../../etc/passwd", "0" * 64, "", "Z" * 64])
def test_a_file_that_is_not_there_is_not_found(engine: Engine, planner: Planner, file_id: str) -> None:
    with pytest.raises(NotFound):
        engine.files.open_file(planner.allow(CITY, "case_file"), file_id)
