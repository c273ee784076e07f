"""Two first letters at once: both codes are of the one secret that the store keeps."""

import threading

import pytest

from huitian.cases.follow import made_secret, secret_of
from huitian.engine.ports import Engine
from tests.base.towns import settle

pytestmark = pytest.mark.contract

WAIT_S = 20.0


def test_the_secret_of_the_second_is_that_of_the_first(engine: Engine) -> None:
    planner = settle(engine)
    made: list[bytes] = []
    has_made, has_asked = threading.Event(), threading.Event()

    def first() -> None:
        with engine.records.writing() as writing:
            made.append(made_secret(writing, planner))
            has_made.set()
            has_asked.wait(1)

    def second() -> None:
        has_made.wait(WAIT_S)
        with engine.records.writing() as writing:
            made.append(made_secret(writing, planner))
            has_asked.set()

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    assert len(made) == 2
    assert made == [secret_of(engine.records, planner)] * 2
