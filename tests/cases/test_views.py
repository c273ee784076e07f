"""What staff and writers read: the queue, the page, the masks, and the public view."""

from datetime import timedelta

import pytest

from huitian.cases.following import Following
from huitian.cases.rows import short
from huitian.cases.views import CaseFilter, CaseViews
from huitian.errors import InvalidInput, NotFound
from tests.cases.conftest import DISPATCHER, GRID1, LEADER, STREET1, STREET2, Town, about

WORDS = "三区5号楼暖气不热。家里有老人，请打13812345678。"


@pytest.fixture
def views(town: Town) -> CaseViews:
    return CaseViews(town.parts)


def test_a_queue_row_has_the_names_that_people_read(town: Town, views: CaseViews) -> None:
    opened = town.write(WORDS)
    town.take(DISPATCHER, opened.case_id, "dispatch", 1, facts={"org_id": "org:com1"})
    town.clock.advance(timedelta(hours=1))
    (row,) = views.queue(GRID1, CaseFilter())["items"]
    assert row["title"] == "三区5号楼暖气不热"
    assert (row["place_name"], row["place_path"]) == ("一社区", "东街道 / 一社区")
    assert (row["owner_name"], row["is_mine"], row["category_title"]) == ("一社区居委会", True, "供暖")
    assert (row["status"], row["left_s"]) == ("ok", 23 * 3600)
    assert "west" not in row
    assert views.queue(DISPATCHER, CaseFilter(), "en")["items"][0]["category_title"] == "Heating"


def test_a_queue_row_says_which_limit_ends_before_the_main_one(town: Town, views: CaseViews) -> None:
    opened = town.write(WORDS)
    town.take(DISPATCHER, opened.case_id, "dispatch", 1, facts={"org_id": "org:com1"})
    (row,) = views.queue(GRID1, CaseFilter(says_sooner=True))["items"]
    told = row["sooner"]
    assert (told["clock_id"], told["title_zh"], told["title_en"]) == ("sign", "签收", "Sign")
    now = town.clock.now()
    assert [told[f"{at}_at"] - now for at in ("watch", "urgent", "due")] == [
        timedelta(minutes=minutes) for minutes in (21, 27, 30)
    ]
    assert views.page(GRID1, opened.case_id)["sooner"] == told
    assert views.queue(GRID1, CaseFilter())["items"][0]["sooner"] is None, "it was not asked for"


def test_everybody_sees_the_cases_of_their_own_place(town: Town, views: CaseViews) -> None:
    here = town.write(key="here-00001")
    there = town.write(key="there-0001", lon=116.3, lat=40.1)
    nowhere = town.write(key="nowhere-01", lon=1.0, lat=1.0)

    def seen(scope: object, **wanted: object) -> set[str]:
        return {r["case_id"] for r in views.queue(scope, CaseFilter(**wanted))["items"]}  # type: ignore[arg-type]

    assert seen(STREET1) == {here.case_id}
    assert seen(STREET2) == {there.case_id}
    assert seen(DISPATCHER) == {here.case_id, there.case_id, nowhere.case_id}
    assert seen(DISPATCHER, place_id="admin:110199002") == {there.case_id}


def test_filters_counts_and_pages(town: Town, views: CaseViews) -> None:
    opened = [town.write(key=f"letter-{i:04d}") for i in range(5)]
    town.take(DISPATCHER, opened[0].case_id, "dispatch", 1, facts={"org_id": "org:com1"})
    first = views.queue(DISPATCHER, CaseFilter(states=("pending_dispatch",), limit=3))
    assert (first["n_total"], first["next_cursor"]) == (4, "3")
    assert first["counts"] == {"pending_dispatch": 4, "dispatched": 1}
    second = views.queue(DISPATCHER, CaseFilter(states=("pending_dispatch",), limit=3, cursor="3"))
    assert (len(second["items"]), second["next_cursor"]) == (1, None)
    assert not {r["case_id"] for r in first["items"]} & {r["case_id"] for r in second["items"]}
    assert [r["case_id"] for r in views.queue(GRID1, CaseFilter(owner="me"))["items"]] == [opened[0].case_id]
    assert views.queue(DISPATCHER, CaseFilter(category_code="A01"))["n_total"] == 0
    assert views.queue(DISPATCHER, CaseFilter(is_open=False))["n_total"] == 0
    with pytest.raises(InvalidInput, match="cursor"):
        views.queue(DISPATCHER, CaseFilter(cursor="-1"))


def test_words_are_searched_as_the_reader_sees_them(town: Town, views: CaseViews) -> None:
    opened = town.write(WORDS)

    def found(scope: object, q: str) -> list[str]:
        return [r["case_id"] for r in views.queue(scope, CaseFilter(q=q))["items"]]  # type: ignore[arg-type]

    assert found(STREET1, "暖气") == [opened.case_id]
    assert found(DISPATCHER, "13812345678") == []
    assert found(about(DISPATCHER, opened.case_id), "13812345678") == [opened.case_id]
    assert found(STREET1, "13812345678") == []
    assert found(STREET1, "3812") == []
    assert found(LEADER, "暖气") == []
    assert found(LEADER, opened.case_no[-6:]) == [opened.case_id]
    assert found(DISPATCHER, "100%_") == []


def test_words_that_too_many_letters_have_are_refused_and_not_cut(
    town: Town, views: CaseViews, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huitian.cases.finding_words.MOST_FOUND", 2)
    opened = [town.write(f"暖气不热，门牌 {i} 号", key=f"letter-{i:04d}") for i in range(3)]
    assert views.queue(DISPATCHER, CaseFilter(q="门牌 1 号"))["n_total"] == 1
    with pytest.raises(InvalidInput, match="more than 2 letters") as caught:
        views.queue(DISPATCHER, CaseFilter(q="暖气"))
    assert caught.value.facts["field"] == "q"
    assert views.queue(LEADER, CaseFilter(q=opened[0].case_no))["n_total"] == 1


def test_the_wall_shows_neither_words_nor_the_exact_point(town: Town, views: CaseViews) -> None:
    opened = town.write(WORDS, name="张三丰", phone="13900001111")
    page = views.page(LEADER, opened.case_id)
    assert (page["title"], page["words"], page["contact"]) == ("供暖", {}, None)
    assert page["lon"] != 116.05
    assert page["steps"][0]["facts"] == {}
    assert page["steps"][0]["actor_name"] is None
    for personal in ("5号楼", "张三丰", "1390000", "116.05,"):
        assert personal not in str(page)


def test_contact_is_masked_by_the_lens_and_no_name_where_none_was_wanted(
    town: Town, views: CaseViews
) -> None:
    open_name = town.write(WORDS, key="named-0001", name="张三丰", phone="13900001111")
    anonymous = town.write(WORDS, key="anon-00001", name="李四光", phone="13900002222", is_anonymous=True)
    page = views.page(STREET1, open_name.case_id)
    assert page["contact"] == {"name": "张*丰", "phone": "139****1111", "is_anonymous": False}
    assert "138****5678" in page["words"]["body"]
    assert views.page(DISPATCHER, open_name.case_id)["contact"]["name"] == "张*丰"
    stated = about(DISPATCHER, open_name.case_id)
    assert views.page(stated, open_name.case_id)["contact"]["name"] == "张三丰"
    assert "13812345678" in views.page(stated, open_name.case_id)["words"]["body"]
    assert views.page(stated, anonymous.case_id)["contact"]["phone"] is None
    assert views.page(about(DISPATCHER, anonymous.case_id), anonymous.case_id)["contact"] == {
        "name": None, "phone": "13900002222", "is_anonymous": True
    }  # fmt: skip


def test_the_page_has_steps_clocks_and_actions(town: Town, views: CaseViews) -> None:
    opened = town.write(WORDS)
    town.take(DISPATCHER, opened.case_id, "dispatch", 1, facts={"org_id": "org:heat"})
    town.take(DISPATCHER, opened.case_id, "undo", 2)
    town.take(
        DISPATCHER, opened.case_id, "dispatch", 3, facts={"org_id": "org:com1"}, words={"note": "请尽快"}
    )
    town.clock.advance(timedelta(minutes=25))
    page = views.page(GRID1, opened.case_id)
    assert [(s["action"], s["facts"].get("is_undone", False)) for s in page["steps"]] == [
        ("accept", False), ("dispatch", True), ("undo", False), ("dispatch", False)
    ]  # fmt: skip
    assert page["steps"][3]["words"] == {"note": "请尽快"}
    clocks = {c["clock_id"]: c for c in page["clocks"]}
    assert (clocks["sign"]["limit_s"], clocks["sign"]["status"]) == (1800, "watch")
    assert clocks["sign"]["used_ratio"] == pytest.approx(25 / 30, abs=1e-3)
    assert (clocks["dispatch"]["stopped_at"] is not None, clocks["dispatch"]["status"]) == (True, "ok")
    actions = {a["action"]: a for a in page["actions"]}
    assert {name for name, a in actions.items() if a["can"]} == {
        "sign",
        "return",
        "escalate",
        "note",
        "locate",
    }
    assert actions["reply"]["why_not"] == "要先到“已签收”或“办理中”或“重办”"
    assert actions["dispatch"]["why_not_en"].startswith("Dispatch is done by: Dispatcher")
    assert actions["reply"]["schema"]["properties"]["words"]["required"] == ["reply"]


def test_what_can_be_done_is_what_is_then_done(town: Town, views: CaseViews) -> None:
    opened = town.write(WORDS)
    town.to_reply(opened)
    actions = {a["action"]: a["can"] for a in views.page(DISPATCHER, opened.case_id)["actions"]}
    assert actions["visit"]
    town.take(DISPATCHER, opened.case_id, "visit", 5, facts={"is_reached": True})


def test_similar_are_open_ones_near_by(town: Town, views: CaseViews) -> None:
    opened = town.write(WORDS, key="letter-0001")
    near = town.write(WORDS, key="letter-0002", lon=116.052, lat=40.1)
    town.write(WORDS, key="letter-0003", lon=116.15, lat=40.1)
    town.write("停车难", key="letter-0004")
    assert [r["case_id"] for r in views.page(DISPATCHER, opened.case_id)["similar"]] == [near.case_id]


def test_a_case_of_elsewhere_is_not_found(town: Town, views: CaseViews) -> None:
    opened = town.write(WORDS)
    with pytest.raises(NotFound):
        views.page(STREET2, opened.case_id)


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("第一句。第二句", "第一句"),
        ("\n\n 空行后 \n", "空行后"),
        ("长" * 50, "长" * 39 + "…"),
        ("", ""),
        ("。！", ""),
    ],
)
def test_a_title_is_the_first_sentence(words: str, title: str) -> None:
    assert short(words) == title


def test_the_writer_sees_public_steps_and_levels(town: Town) -> None:
    following = Following(town.parts, town.letters)
    opened = town.write(WORDS)
    new = following.letter(opened.case_no, opened.follow_code)
    assert [(one["level"], one["state"]) for one in new["levels"]] == [
        ("L0", "done"), ("L1", "now"), ("L2", "ahead"), ("L3", "ahead"), ("L4", "ahead")
    ]  # fmt: skip
    assert (new["can_rate"], new["promised_by"]) == (False, town.clock.now() + timedelta(minutes=30))
    town.take(STREET1, opened.case_id, "note", 1, words={"note": "内部备注"})
    town.take(STREET1, opened.case_id, "dispatch", 2, facts={"org_id": "org:com1"})
    town.take(STREET1, opened.case_id, "undo", 3)
    town.take(
        STREET1,
        opened.case_id,
        "dispatch",
        4,
        key="again-0001",
        facts={"org_id": "org:com1"},
        words={"note": "内部意见"},
    )
    town.take(GRID1, opened.case_id, "sign", 5)
    town.take(GRID1, opened.case_id, "handle", 6, words={"note": "内部过程"})
    town.take(GRID1, opened.case_id, "reply", 7, words={"reply": "已修好。"})
    now = following.letter(opened.case_no, opened.follow_code)
    assert [(s["action"], s["words"], s["org_name"]) for s in now["steps"]] == [
        ("accept", WORDS, None),
        ("dispatch", None, "东街道办事处"),
        ("sign", None, "一社区居委会"),
        ("handle", None, "一社区居委会"),
        ("reply", "已修好。", "一社区居委会"),
    ]
    assert (now["state"], now["state_zh"], now["can_rate"], now["promised_by"]) == (
        "replied",
        "已反馈",
        True,
        None,
    )
    assert "内部" not in str(now)


def test_levels_that_were_jumped_over_are_skipped(town: Town) -> None:
    following = Following(town.parts, town.letters)
    opened = town.write(WORDS, channel="C01")
    levels = following.letter(opened.case_no, opened.follow_code)["levels"]
    assert [one["state"] for one in levels] == ["done", "skipped", "now", "ahead", "ahead"]
    town.take(DISPATCHER, opened.case_id, "dispatch", 1, facts={"org_id": "org:com1"})
    town.take(GRID1, opened.case_id, "sign", 2)
    town.take(GRID1, opened.case_id, "reply", 3, words={"reply": "好了"})
    town.take(GRID1, opened.case_id, "close", 4)
    levels = following.letter(opened.case_no, opened.follow_code)["levels"]
    assert [one["state"] for one in levels] == ["done", "skipped", "done", "skipped", "skipped"]
