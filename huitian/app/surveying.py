"""Where objects stand is found out beside a server that begins to answer: a large city is not waited for."""

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from huitian.app.city import OpenCity
from huitian.errors import HuitianError

LOG = logging.getLogger("huitian.survey")


def survey(city: OpenCity) -> None:
    """Find out where objects stand if a load was killed before it did, or the store is new here."""
    try:
        n_looked_at = city.engine.records.survey()
    except HuitianError:
        # It is for speed only: a store that cannot be written is read all the same.
        return
    if n_looked_at:
        LOG.info(json.dumps({"event": "surveyed", "n": n_looked_at}))


@contextmanager
def surveying(city: OpenCity) -> Iterator[None]:
    """Find it out beside the block; until then wide scopes are asked the long way."""
    thread = threading.Thread(target=survey, args=(city,), name="huitian-survey", daemon=True)
    thread.start()
    try:
        yield
    finally:
        # The store is closed next.
        thread.join()
