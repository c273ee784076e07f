"""The way of a letter: with a photo it is written, dispatched, handled, answered and rated, and all see it move.

Nobody loads a page anew to see what another did, and every step is taken on a screen.
"""

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.journey.conftest import Opener
from tests.journey.figures import FIGURE, PANEL, close_by_escape, open_by_click, shown, wait_for_figures
from tests.journey.photos import camera_photo, facts_within
from tests.journey.watching import Watched

PHONE = {"width_px": 390, "height_px": 844}
TITLE = "6号楼2单元三层暖气不热"
BODY = f"{TITLE}，室温只有十四度，家里有老人，请尽快来看看。"
REPLY = "立管已排气，阀门已换，室温二十度。"
MARK = "window.__opened_before = true"
IS_SAME_PAGE = "window.__opened_before === true"


def figure_of(page: Page, number_id: str) -> Locator:
    """Return the first figure of that id."""
    return page.locator(f"{FIGURE}[data-number-id='{number_id}']").first


def value_of(page: Page, number_id: str) -> int:
    """Return the value that a count shows."""
    value = shown(figure_of(page, number_id)).value
    assert value is not None
    return int(value)


def n_in_panel(page: Page, number_id: str) -> int:
    """Open a figure, read how many rows took part, and close it."""
    open_by_click(page, figure_of(page, number_id))
    n = int(page.locator(PANEL).get_attribute("data-n") or 0)
    close_by_escape(page, figure_of(page, number_id))
    return n


def opens_to_case(cockpit: Watched, number_id: str, case_no: str) -> str:
    """Open a figure of the wall down to the row of a case; returns where the row leads."""
    page = cockpit.page
    open_by_click(page, figure_of(page, number_id))
    row = page.locator(f"{PANEL} table.rows tbody tr", has_text=case_no)
    expect(row).to_have_count(1)
    cockpit.rest()
    assert cockpit.axe() == []
    href = row.locator("a").get_attribute("href") or ""
    close_by_escape(page, figure_of(page, number_id))
    return href


def letter_goes_all_the_way(open_page: Opener, tmp_path: Path) -> None:
    """Take a letter from its writer by desk and phone back to its writer, the wall looking on."""
    cockpit = open_page("/cockpit", "leader", 1920, 1080)
    desk = open_page("/desk?sort=newest", "dispatcher")
    phone = open_page("/mobile", "grid_worker", **PHONE)
    resident = open_page("/public", **PHONE)
    for watched in (cockpit, desk, phone, resident):
        watched.rest()
        watched.page.evaluate(MARK)
    wait_for_figures(cockpit.page)
    are_open = value_of(cockpit.page, "cases.open")
    n_rated = n_in_panel(cockpit.page, "mailbox.satisfied_rate")
    community, _, body_name = phone.page.locator("header .second").first.inner_text().partition(" · ")

    case_no, code = resident_writes(resident, community, camera_photo(tmp_path / "heating.jpg", 1))

    expect(figure_of(cockpit.page, "cases.open")).to_have_attribute("data-value", str(are_open + 1))
    href = opens_to_case(cockpit, "cases.open", case_no)
    case_id = href.rpartition("/")[2]
    assert href == f"/desk/cases/{case_id}"

    dispatcher_takes_the_suggestion(desk, case_id, case_no, body_name)
    worker_handles(phone, case_id, tmp_path)
    resident_reads_and_rates(open_page("/public/follow", **PHONE), case_no, code, body_name)

    expect(desk.page.locator("[data-case-column]")).to_have_attribute("data-case-state", "closed")
    expect(desk.page.locator("[data-case-column] li[data-action='visit']")).to_be_visible()
    expect(figure_of(cockpit.page, "cases.open")).to_have_attribute("data-value", str(are_open))
    open_by_click(cockpit.page, figure_of(cockpit.page, "mailbox.satisfied_rate"))
    expect(cockpit.page.locator(f"{PANEL}[data-n='{n_rated + 1}']")).to_be_visible()
    close_by_escape(cockpit.page, figure_of(cockpit.page, "mailbox.satisfied_rate"))
    opens_to_case(cockpit, "mailbox.satisfied_rate", case_no)
    for watched in (cockpit, desk, phone, resident):
        assert watched.page.evaluate(IS_SAME_PAGE), f"{watched.page.url} was loaded anew"


def resident_writes(resident: Watched, community: str, photo: Path) -> tuple[str, str]:
    """Write and send the letter; returns its number and code."""
    page = resident.page
    page.locator("textarea").fill(BODY)
    page.locator("input[type=file]").set_input_files(photo)
    expect(page.locator("[data-state='sent'] img")).to_be_visible()
    page.get_by_role("button", name="在哪里").click()
    page.get_by_role("searchbox").fill(community)
    page.locator("button.choice", has_text=community).first.click()
    expect(page.get_by_role("button", name=community).first).to_be_visible()
    resident.rest()
    assert resident.axe() == []
    page.get_by_role("button", name="寄出").click()
    case_no = page.locator("[data-case-no]").inner_text()
    code = page.locator("[data-follow-code]").inner_text()
    resident.rest()
    assert resident.axe() == []
    return case_no, code


def dispatcher_takes_the_suggestion(desk: Watched, case_id: str, case_no: str, body_name: str) -> None:
    """Find the new letter in the queue that was open before, and give it to the suggested body."""
    page = desk.page
    row = page.locator(f".row[data-case-id='{case_id}']")
    expect(row).to_contain_text(TITLE)
    row.locator("button").first.click()
    column = page.locator(f"[data-case-column][data-case-id='{case_id}']")
    expect(column).to_contain_text(case_no)
    expect(column.locator("blockquote")).to_have_text(BODY)
    suggested = column.get_by_role("radio").first
    expect(suggested).to_contain_text(body_name)
    expect(column.locator(".reason")).to_contain_text("供暖")
    image = column.locator("img").first
    kept = page.context.request.get(str(image.get_attribute("src")))
    assert kept.ok
    assert not facts_within(kept.body()), "the photo tells where it was taken"
    desk.rest()
    assert desk.axe() == []
    suggested.click()
    column.locator("[data-action='dispatch']").first.click()
    expect(page.locator("[data-case-column][data-case-state='dispatched']")).to_be_visible()
    desk.rest()
    assert desk.axe() == []


def worker_handles(phone: Watched, case_id: str, folder: Path) -> None:
    """Sign, talk to the writer, reply with photos, and close; on the phone that was open before."""
    page = phone.page
    task = page.locator(f"a[data-case-id='{case_id}'], section[data-case-id='{case_id}'] a").first
    expect(task).to_be_visible()
    expect(page.locator(f"[data-case-id='{case_id}'] [data-sooner='sign']")).to_contain_text("签收")
    phone.rest()
    assert phone.axe() == []
    task.click()
    expect(page.locator("blockquote")).to_have_text(BODY)
    phone.rest()
    assert phone.axe() == []
    take(page, "sign")
    take(page, "handle")
    choose(page, "已联系诉求人", "是")
    choose(page, "联系方式", "上门")
    fill(page, "办理情况", "已上门排气。")
    send(phone)
    take(page, "reply")
    add_photo(page, 0, camera_photo(folder / "before.jpg", 2))
    add_photo(page, 1, camera_photo(folder / "after.jpg", 3))
    choose(page, "结果", "已解决")
    fill(page, "答复", REPLY)
    send(phone)
    take(page, "close")
    add_photo(page, 0, camera_photo(folder / "closed.jpg", 4))
    fill(page, "办结意见", "已办结。")
    send(phone)
    expect(page.locator("[data-action='close']")).to_be_visible()


def take(page: Page, action: str) -> None:
    """Press the button of an action; the bar holds what comes next, the sheet the rest."""
    button = page.locator(f"footer [data-action='{action}']")
    button.click()


def choose(page: Page, question: str, answer: str) -> None:
    """Answer a question of a form."""
    page.get_by_role("group", name=question).get_by_text(answer, exact=True).click()


def fill(page: Page, field: str, words: str) -> None:
    """Fill a field of a form."""
    page.get_by_label(field).fill(words)


def add_photo(page: Page, strip: int, photo: Path) -> None:
    """Add a photo to a strip and wait until the server has it."""
    own: Any = page.locator("main [role=group]:has(input[type=file])").nth(strip)
    own.locator("input[type=file]").set_input_files(photo)
    expect(own.locator("[data-state='sent']")).to_have_count(1)


def send(phone: Watched) -> None:
    """Look at a filled form and send it; the case is shown again."""
    phone.rest()
    assert phone.axe() == []
    phone.page.locator("footer button.send").click()
    expect(phone.page.locator("[data-actions]")).to_be_visible()


def resident_reads_and_rates(resident: Watched, case_no: str, code: str, body_name: str) -> None:
    """Follow by number and code on another device, read the reply, and rate."""
    page = resident.page
    resident.rest()
    assert resident.axe() == []
    page.locator("input[name=no]").fill(case_no.lower())
    page.locator("input[name=code]").fill(code)
    page.locator("form button[type=submit]").click()
    expect(page.get_by_text(REPLY).first).to_be_visible()
    expect(page.get_by_text(case_no).first).to_be_visible()
    expect(page.get_by_text(body_name).first).to_be_visible()
    resident.rest()
    assert resident.axe() == []
    page.locator("a.go.main").click()
    for question, answer in ((0, "有"), (1, "解决了"), (2, "满意")):
        page.locator("fieldset").nth(question).get_by_text(answer, exact=True).click()
    resident.rest()
    assert resident.axe() == []
    page.locator("button.send").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("fieldset")).to_have_count(0)
    resident.rest()
    assert resident.axe() == []
