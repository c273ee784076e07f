"""Two cities of random trees, readers of every role, all routes and methods: what was planted stays where it may be."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from random import Random
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import APIRouter

from huitian.api import server
from huitian.api.logs import JsonLines
from huitian.api.reader import COOKIE, TheCity
from huitian.errors import all_errors
from huitian.model.query import Query
from tests.api.serving import Served, serving
from tests.leak.oracle import MAY_SEE, STAFF, Canary, User
from tests.leak.towns import PASSWORD, Planted, planted
from tests.leak.walk import Seen, Walker

pytestmark = pytest.mark.fuzz

SEEDS = (20260302, 7)
NOBODY_SEES = {kind for kind, rule in MAY_SEE.items() if not any(rule(role, "V3") for role in STAFF)}


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Planted]]:
    """Plant two cities."""
    made = [planted(tmp_path_factory.mktemp(f"leak{seed}"), seed) for seed in SEEDS]
    yield made
    for town in made:
        town.city.close()


@contextmanager
def logged() -> Iterator[list[str]]:
    """Collect all that is logged, by anybody, at the lowest level."""
    lines: list[str] = []
    layout = JsonLines()

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if not record.name.startswith(("httpx", "httpcore")):  # The one who asks, not the city.
                lines.append(layout.format(record) + str(record.exc_text or ""))

    root, kept, own = logging.getLogger(), Kept(), logging.getLogger("huitian")
    before = root.level, own.level
    logging.getLogger("httpx").setLevel(logging.WARNING)
    root.addHandler(kept)
    root.setLevel(logging.INFO)
    own.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(kept)
        root.setLevel(before[0])
        own.setLevel(before[1])


def sign_in(client: httpx.Client, user: User) -> None:
    """Sign in, where there is somebody."""
    if user.name:
        answer = client.post("/v1/session", json={"user_name": user.name, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]


def state_purposes(walker: Walker, town: Planted) -> None:
    """State every purpose that this reader may, about every case, home and place: the most is then shown."""
    answer = walker.client.get("/v1/purposes")
    about = {
        "case": town.pools["case_id"],
        "household": town.pools["dwelling_id"],
        "place": list(town.parents),
    }
    for one in answer.json()["declared"] if answer.status_code == 200 else ():
        for entity in one["about"]:
            for about_id in about[entity]:
                told = {"purpose": one["purpose_id"], "about": entity, "about_id": about_id, "minutes": 15,
                        "ticket": "回〔2026〕1号", "is_confirmed": True}  # fmt: skip
                answer = walker.ask("POST /v1/purposes/taken", "POST", "/v1/purposes/taken", json=told)
                assert answer.status_code in {201, 403, 404, 422}, answer.text


def heard(client: httpx.Client) -> bytes:
    """Return all that a stream tells from the first event on, until its first sign of life."""
    told = b""
    params, headers = {"topics": "case,number,load,place"}, {"Last-Event-ID": "0"}
    with client.stream("GET", "/v1/stream", params=params, headers=headers) as answer:
        for chunk in answer.iter_bytes():
            told += chunk
            if answer.status_code != 200 or b"event: heartbeat" in told:
                break
    return told


def walked(served: Served, towns: list[Planted], seed: int, seen: Seen) -> list[bytes]:
    """Let every reader of a city ask for everything; returns what the sessions were kept by."""
    town, tokens = towns[0], []
    with ExitStack() as stack:
        walkers = []
        for n, user in enumerate(town.users):
            client = stack.enter_context(served.client())
            sign_in(client, user)
            walkers.append(Walker(client, user, towns, seen, Random(seed + n)))
            if user.is_stated:
                state_purposes(walkers[-1], town)
            tokens += [
                t.encode() for t in (client.cookies.get(COOKIE), client.headers.get("X-CSRF-Token")) if t
            ]
        town.canaries += [Canary("secret", None, token) for token in tokens[::2]]
        document = walkers[0].client.get("/openapi.json").json()
        with ThreadPoolExecutor(len(walkers)) as at_once:
            for walker, told in zip(
                walkers, at_once.map(lambda one: heard(one.client), walkers), strict=True
            ):
                walker.scan("GET /v1/stream", told)
        for is_changing in (False, True):
            for walker in walkers:
                if is_changing:
                    sign_in(walker.client, walker.user)
                walker.walk(document, is_changing=is_changing)
        pages(served, walkers[0])
    return tokens


def pages(served: Served, walker: Walker) -> None:
    """Ask for what is not in the document: pages, pictures, words about errors, and the document itself."""
    for route in server.pages.router.routes:
        path = str(getattr(route, "path", ""))
        for code in [error.code for error in all_errors()] if "{code}" in path else ["none"]:
            filled = path.replace("{code}", code).replace("{name:path}", "none")
            filled = filled.replace("{rest:path}", "queue").replace("{path:path}", "guides/the-desk")
            walker.ask(
                f"PAGE {path}", "GET", filled.replace("{name}", "mark").replace("{pack_id}", "mailbox")
            )
    walker.ask("PAGE /openapi.json", "GET", "/openapi.json")


def test_what_was_planted_reaches_only_who_may_see_it(
    towns: list[Planted], capsys: pytest.CaptureFixture[str]
) -> None:
    seen, tokens = Seen(), []
    with logged() as lines:
        for n, town in enumerate(towns):
            with serving(town.city) as served:
                tokens += walked(served, [town, *towns[:n], *towns[n + 1 :]], SEEDS[n], seen)
    told = "\n".join(lines).encode()
    in_log = [c for town in towns for c in town.canaries if c.kind != "case_id" and c.told in told]
    never = sorted(op for op, statuses in seen.answered.items() if not any(s < 400 for s in statuses))
    with capsys.disabled():
        print(
            f"\nleak walk: {len(seen.answered)} routes × {sum(len(t.users) for t in towns)} users of "
            f"{len(towns)} cities, {sum(len(t.canaries) for t in towns)} canaries, {seen.n_requests} requests, "
            f"{seen.n_bytes / 1e6:.1f} MB, {len(lines)} log lines; leaks: {len(seen.leaks)}; never answered: {never}"
        )  # fmt: skip
    assert sorted(set(seen.leaks))[:20] == []
    assert in_log == []
    assert [token for token in tokens if token in told] == []
    assert set(MAY_SEE) - NOBODY_SEES - seen.reached == set(), (
        "the walk no longer reaches what it is meant to guard"
    )
    assert len(never) <= len(seen.answered) / 5, (
        "too much was only ever refused: tell the walk what to ask with"
    )


def test_a_route_that_leaks_is_caught(towns: list[Planted], monkeypatch: pytest.MonkeyPatch) -> None:
    router = APIRouter()

    @router.post("/v1/cases/{case_id}/leak")
    def leak(held: TheCity, case_id: str) -> list[dict[str, Any]]:
        """Tell too much."""
        asked = Query("case_contact", limit=1000)
        rows = held.engine.records.read(held.planner.system("case_contact"), asked).rows
        return [dict(row) for row in rows if row["case_id"] == case_id]

    monkeypatch.setattr(
        "tests.leak.walk.MOST_VALUES", 100
    )  # All cases: those of anonymous writers tell no name.
    monkeypatch.setattr(server, "SUBJECTS", (*server.SUBJECTS, SimpleNamespace(router=router)))
    town, seen = towns[0], Seen()
    with serving(town.city) as served, served.client() as client:
        walker = Walker(client, town.users[0], towns, seen, Random(1))
        document = client.get("/openapi.json").json()
        assert "/v1/cases/{case_id}/leak" in document["paths"]
        walker.walk({**document, "paths": {"/v1/cases/{case_id}/leak": document["paths"]["/v1/cases/{case_id}/leak"]}},
                    is_changing=True)  # fmt: skip
    assert any(" saw name " in leak for leak in seen.leaks)
    assert any(" saw secret " in leak for leak in seen.leaks)


def test_a_session_of_one_city_opens_no_other(towns: list[Planted]) -> None:
    with ExitStack() as stack:
        one, other = (stack.enter_context(serving(town.city)) for town in towns)
        client, thief = stack.enter_context(one.client()), stack.enter_context(other.client())
        sign_in(client, towns[0].users[2])
        thief.cookies.set(COOKIE, client.cookies[COOKIE])
        assert client.get("/v1/cases").status_code == 200
        assert thief.get("/v1/cases").status_code == 401
