"""The public page on a host outside: a letter with a photo is sent, comes back answered by the ferry, and is rated."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.ferry.crossing import Crossing
from tests.ferry.processes import started
from tests.journey.conftest import WAIT_MS
from tests.journey.photos import camera_photo
from tests.journey.watching import Watched

pytestmark = pytest.mark.journey
BODY = "6号楼2单元三层暖气不热，室温只有十四度，请来看看。"


@pytest.fixture
def crossing(tmp_path: Path) -> Iterator[Crossing]:
    """Make a city with one outside host; the ferry is worked by hand."""
    made = Crossing.begun(tmp_path, "wx1")
    made.clock.move_to(datetime.now(UTC))
    yield made
    made.close()


@pytest.fixture
def resident(browser: Browser, crossing: Crossing) -> Iterator[Watched]:
    """Serve the page as a process and open it on a phone; at the end it may not have complained."""
    words = ("public", "serve", str(crossing.home / "wx1"), "--port", "0")
    with started(*words, until="http") as said:
        page_at = next(line.strip() for line in said if line.strip().startswith("http"))
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, base_url=page_at.removesuffix("/public"), locale="zh-CN",
            timezone_id="Asia/Shanghai", has_touch=True,
        )  # fmt: skip
        context.set_default_timeout(WAIT_MS)
        watched = Watched(context.new_page())
        watched.page.goto("/?lang=zh", wait_until="load")
        yield watched
        complaints = watched.complaints()
        context.close()
    assert complaints == []


def test_a_letter_goes_in_and_its_answer_comes_out(
    resident: Watched, crossing: Crossing, tmp_path: Path
) -> None:
    page = resident.page
    expect(page).to_have_url(re.compile("/public"))
    page.locator("textarea").fill(BODY)
    page.locator("input[type=file]").set_input_files(camera_photo(tmp_path / "heating.jpg", 1))
    expect(page.locator("[data-state='sent'] img")).to_be_visible()
    page.get_by_role("button", name="在哪里").click()
    page.get_by_role("searchbox").fill("一社区")
    page.locator("button.choice", has_text="一社区").first.click()
    page.get_by_role("button", name="寄出").click()
    case_no = page.locator("[data-case-no]").inner_text()
    code = page.locator("[data-follow-code]").inner_text()
    assert case_no.startswith("WX")
    resident.rest()
    assert resident.axe() == []

    page.goto("/public/follow?lang=zh", wait_until="load")
    page.locator("input[name=no]").fill(case_no.lower())
    page.locator("input[name=code]").fill(code)
    page.locator("form button[type=submit]").click()
    expect(page.get_by_text(case_no).first).to_be_visible()
    resident.rest()
    assert resident.axe() == []

    crossing.clock.move_to(datetime.now(UTC))
    crossing.settle()
    row = crossing.case(case_no)
    assert row is not None
    assert (row["channel"], row["n_files"], row["located_by"]) == ("C10", 1, "code")
    crossing.answer(case_no)
    crossing.settle()

    page.reload(wait_until="load")
    # A letter that this page still knows opens by itself after a moment.
    resident.rest()
    if page.locator("input[name=code]").count():
        page.locator("input[name=no]").fill(case_no)
        page.locator("input[name=code]").fill(code)
        page.locator("form button[type=submit]").click()
    expect(page.get_by_text("已修好，室温 20 度。").first).to_be_visible()
    expect(page.get_by_text("一社区居委会").first).to_be_visible()
    page.locator("a.go.main").click()
    for question, answer in ((0, "有"), (1, "解决了"), (2, "满意")):
        page.locator("fieldset").nth(question).get_by_text(answer, exact=True).click()
    page.locator("button.send").click()
    expect(page.locator("fieldset")).to_have_count(0)
    resident.rest()
    assert resident.axe() == []
    crossing.clock.move_to(datetime.now(UTC))
    crossing.settle()
    row = crossing.case(case_no)
    assert row is not None
    assert (row["solved"], row["satisfied"]) == ("solved", "yes")
