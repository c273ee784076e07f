"""Every screen of the product as it is pictured: where it is, who sees it, on which widths, and what is done first."""

import json
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field

from playwright.async_api import Page

from bench.addresses import ids_of
from bench.running import Running, Session, ask
from tools import used_city

WALL, WIDE, DESK, PHONE = 3840, 1920, 1440, 390
SIZES = {WALL: (1920, 1080, 2), WIDE: (1920, 1080, 1), DESK: (1440, 900, 1), PHONE: (390, 844, 1)}
"""Width in device pixels → width and height of the window, and device pixels in one of its pixels."""
LANGUAGES, THEMES = ("zh", "en"), ("ink", "paper")
PATIENCE_MS = 20_000
LETTER = "供暖两天了家里一直凉，测了15度。楼上楼下都说不热，隔壁单元是热的。家里有八十多岁老人，请尽快看看。"
REPLY = "02立管阀门已经打开并排气，逐户测温都在21℃以上。"


async def opened_number(page: Page) -> None:
    """Open a rate of the wall."""
    await page.locator("[data-number-id='mailbox.solved_rate']").first.click()
    await page.locator("[data-number-panel] .definition").wait_for()


async def offline(page: Page) -> None:
    """Take the network away from a phone whose worker is in charge."""
    await page.wait_for_function("() => navigator.serviceWorker.ready.then(() => true)")
    await page.context.set_offline(True)
    await page.locator("[data-offline-bar]").wait_for()


async def written(page: Page) -> None:
    """Write a letter, without sending it."""
    await page.locator("textarea").first.fill(LETTER)


async def helped(page: Page) -> None:
    """Open the help of a screen."""
    await page.locator("[data-help-open]").first.click()
    await page.locator("[data-help] .doc > *").first.wait_for()


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen.

    Attributes:
        name: What its files begin with.
        path: Address on the server; ``{street}`` and its like stand for ids of the city.
        widths: On which it is meant to be seen.
        role: Who is signed in; empty for nobody.
        first: What is done before the picture is taken.
        facts: Facts of the tab that are there before: what a resident has typed once.
        has_worker: Whether the phone's worker is let in.
    """

    name: str
    path: str
    widths: tuple[int, ...]
    role: str = ""
    first: Callable[[Page], Awaitable[None]] | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    has_worker: bool = False


EVERY = tuple(SIZES)


def screens_of(running: Running) -> Iterator[Screen]:
    """Yield every screen with the ids of a running demo city.

    It is used first: a file loaded, a home looked at, a letter written and answered.
    """
    used_city.use(running)
    ids = ids_of(running)
    home = home_of(running)
    case_no, code = answered_letter(running, ids["community"])
    known = {f"letter.{case_no}": code}
    committee, worker = "dispatcher", "grid_worker"
    yield Screen("landing", "/", EVERY)
    yield Screen("wall", "/cockpit", EVERY, "leader")
    yield Screen("wall-number", "/cockpit", EVERY, "leader", opened_number)
    yield Screen("desk-queue", f"/desk/cases/{ids['waiting']}", EVERY, committee)
    yield Screen("desk-closed", f"/desk/cases/{ids['closed']}?tab=closed", EVERY, committee)
    yield Screen("desk-places", f"/desk/places/{ids['street']}", EVERY, committee)
    yield Screen("desk-building", f"/desk/buildings/{troubled_building(running)}", EVERY, committee)
    yield Screen("desk-pack", "/desk/packs/mailbox", EVERY, committee)
    yield Screen("desk-packs", "/desk/packs", EVERY, "data_admin")
    yield Screen("desk-loads", "/desk/loads", EVERY, "data_admin")
    yield Screen("desk-load", f"/desk/loads/{load_of(running)}", EVERY, "data_admin")
    yield Screen("desk-findings", "/desk/findings", EVERY, "data_admin")
    yield Screen("desk-health", "/desk/health", EVERY, "data_admin")
    yield Screen("desk-people", "/desk/people", EVERY, "dispatcher")
    yield Screen("desk-account", "/desk/account", EVERY, committee)
    yield Screen("desk-audit", "/desk/audit", EVERY, "auditor")
    yield Screen("desk-looks", "/desk/looks", EVERY, "committee")
    yield Screen("desk-feedback", "/desk/packs/mailbox/feedback", EVERY, "data_admin")
    yield Screen("desk-help", "/desk/cases", EVERY, committee, helped)
    yield Screen("desk-sign-in", "/desk", EVERY)
    yield Screen("desk-nowhere", "/desk/no-such-page", EVERY, committee)
    yield Screen("desk-design", "/desk/design", EVERY, committee)
    yield Screen("phone-tasks", "/mobile", EVERY, worker)
    yield Screen("phone-case", f"/mobile/cases/{ids['mine']}", EVERY, worker)
    yield Screen("phone-step", f"/mobile/cases/{ids['mine']}/reply", EVERY, worker)
    yield Screen("phone-building", f"/mobile/buildings/{home}", EVERY, worker)
    yield Screen("phone-report", "/mobile/report", EVERY, worker)
    yield Screen("phone-mine", "/mobile/mine", EVERY, worker)
    yield Screen("phone-offline", "/mobile", EVERY, worker, offline, has_worker=True)
    yield Screen("public-letter", "/public", EVERY, first=written)
    yield Screen("public-follow", f"/public/follow?no={case_no}", EVERY, facts=known)
    yield Screen("docs", "/docs/", EVERY)
    yield Screen("docs-desk", "/docs/guides/the-desk", EVERY)
    yield Screen("docs-numbers", "/docs/reference/numbers", EVERY)
    yield Screen("public-rate", f"/public/rate?no={case_no}", EVERY, facts=known)


def home_of(running: Running) -> str:
    """Return a building with many homes, of those that the grid worker sees."""
    cookie = {"Cookie": running.sign_in("grid_worker").cookie}
    found = ask(f"{running.base}/v1/entities/building?where=n_dwellings:gt:20&limit=1", headers=cookie)[0]
    return str(found["rows"][0]["building_id"])


def troubled_building(running: Running) -> str:
    """Return the building with most open cases: in it a riser is proposed."""
    cookie = {"Cookie": running.sign_in("dispatcher").cookie}
    path = "/v1/entities/case?where=closed_at:is_null&where=building_id:not_null&limit=1000"
    found = ask(f"{running.base}{path}", headers=cookie)[0]
    return Counter(str(row["building_id"]) for row in found["rows"]).most_common(1)[0][0]


def load_of(running: Running) -> str:
    """Return the newest load: the file of which rows were refused."""
    cookie = {"Cookie": running.sign_in("data_admin").cookie}
    return str(ask(f"{running.base}/v1/loads", headers=cookie)[0]["items"][0]["load_id"])


def answered_letter(running: Running, place_id: str) -> tuple[str, str]:
    """Write a letter and let it be answered; returns its number and follow code."""
    dispatcher = running.sign_in("dispatcher")
    letter = {
        "body": LETTER, "title": "暖气不热", "place_id": place_id, "is_anonymous": True,
        "idempotency_key": str(uuid.uuid4()),
    }  # fmt: skip
    receipt = ask(f"{running.base}/v1/letters", letter)[0]
    case_no = receipt["case_no"]
    cookie = {"Cookie": dispatcher.cookie}
    case_id = ask(f"{running.base}/v1/cases?q={case_no}", headers=cookie)[0]["items"][0]["case_id"]
    owner = ask(f"{running.base}/v1/cases/{case_id}/owners", headers=cookie)[0]["items"][0]["org_id"]
    steps: tuple[tuple[str, dict[str, object]], ...] = (("dispatch", {"facts": {"org_id": owner}}), ("sign", {}),
             ("handle", {"facts": {"is_contact": True}, "words": {"note": "已电话联系，约好上门。"}}),
             ("reply", {"facts": {"result": "solved"}, "words": {"reply": REPLY}}))  # fmt: skip
    for version, (action, form) in enumerate(steps, 1):
        take_step(running, dispatcher, case_id, version, {"action": action, **form})
    return case_no, receipt["follow_code"]


def take_step(running: Running, by: Session, case_id: str, version: int, step: Mapping[str, object]) -> None:
    """Take a step on a case."""
    body = {**step, "expected_version": version, "idempotency_key": str(uuid.uuid4())}
    ask(f"{running.base}/v1/cases/{case_id}/steps", body, {"Cookie": by.cookie, "X-CSRF-Token": by.csrf})


def kept_facts(facts: Mapping[str, str]) -> str:
    """Return the script by which a tab knows facts that were typed into it before."""
    told = json.dumps(dict(facts))
    return f"for (const [name, fact] of Object.entries({told})) sessionStorage.setItem(`huitian.${{name}}`, fact);"
