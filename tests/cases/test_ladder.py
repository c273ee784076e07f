"""Ladders: ours, a city's own, and files that break the rules."""

import copy
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from huitian.cases.ladder import OURS, LadderSet, read_ladders
from huitian.cases.ladder_file import ladder_of
from huitian.errors import LadderInvalid

LETTER = tomllib.loads((OURS / "letter.toml").read_text(encoding="utf-8"))
LADDER = read_ladders().on_day("letter", date(2026, 3, 1))


def changed(path: str, value: Any = None) -> dict[str, Any]:
    table = copy.deepcopy(LETTER)
    *way, last = path.split(".")
    at: Any = table
    for name in way:
        at = at[int(name)] if isinstance(at, list) else at[name]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return table


def test_the_letter_ladder_has_the_limits_of_the_domain() -> None:
    limits = {(c.clock_id, c.levels[:1]): dict(c.limits_s) for c in LADDER.clocks}
    hour, day = 3600, 86400
    assert limits[("dispatch", ())] == {0: hour // 2}
    assert limits[("sign", ("L2",))] == {1: hour // 4, 2: hour // 2, 3: 2 * hour, 4: 2 * hour}
    assert limits[("contact", ())] == {1: hour // 2, 2: 2 * hour, 3: day, 4: day}
    assert limits[("handle", ("L2",))] == {1: 2 * hour, 2: day, 3: 7 * day, 4: 15 * day}
    assert limits[("handle", ("L0",))][3] == 3 * day
    assert limits[("visit", ())] == {0: 3 * day}
    assert all(c.calendar == "calendar" for c in LADDER.clocks)


def test_every_form_is_a_json_schema_with_titles_in_both_languages() -> None:
    for rule in LADDER.actions.values():
        Draft202012Validator.check_schema(dict(rule.schema))
        assert rule.title_zh
        assert rule.title_en
        for part in ("facts", "words"):
            for form in rule.schema["properties"][part]["properties"].values():
                assert form["title_zh"]
                assert form["title_en"]
                if "enum" in form:
                    assert len(form["enum"]) == len(form["enum_zh"]) == len(form["enum_en"])


def test_levels_lead_up_and_whistles_have_their_place() -> None:
    assert list(LADDER.levels) == ["L0", "L1", "L2", "L3", "L4"]
    assert LADDER.climbs_to == {"L1": "L2", "L2": "L3"}


@pytest.mark.parametrize(
    ("path", "value", "field", "why"),
    [
        ("rule_set", None, "rule_set", "missing"),
        ("rule_sets", "x", "rule_sets", "no such key"),
        ("first_state", "new", "first_state", "'new' is not known; known: pending_dispatch"),
        ("open_states", ["closed"], "open_states", "must be open"),
        ("watch_ratio", 0.95, "watch_ratio", "must hold"),
        ("effective_to", date(1999, 1, 1), "effective_to", "not after"),
        ("actions.undo", None, "actions.undo", "every ladder needs"),
        ("actions.dispatch.to", "sent", "actions.dispatch.to", "'sent' is not known"),
        ("actions.dispatch.roles", ["boss"], "actions.dispatch.roles", "'boss' is not known"),
        ("actions.dispatch.can_undo", 1, "actions.dispatch.can_undo", "true or false"),
        ("actions.dispatch.sets", {"case_no": "org_id"}, "actions.dispatch.sets", "cannot be set"),
        ("actions.dispatch.sets", {"grade": "x"}, "actions.dispatch.sets", "no fact 'x'"),
        ("actions.dispatch.stamps", ["paid_at"], "actions.dispatch.stamps", "'paid_at' is not known"),
        (
            "actions.dispatch.facts.org_id.title",
            {"zh": "单位"},
            "actions.dispatch.facts.org_id.title.en",
            "missing",
        ),
        ("actions.return.within_s", "2 hours", "actions.return.within_s", "not a limit like"),
        ("actions.return.since", None, "actions.return.since", "go together"),
        ("actions.visit.branches.0.fact", "again", "actions.visit.branches[0].fact", "no fact"),
        ("levels.L1.climbs_to", "L9", "levels.L1.climbs_to", "not a level"),
        ("channels.C01.prefix", "12345", "channels.C01.prefix", "two capital letters"),
        ("clocks.0.starts", [], "clocks[0].starts", "nothing starts"),
        ("clocks.0.limits", {"1": "2h"}, "clocks[0].limits", "all of 1, 2, 3, 4"),
        ("clocks.0.limits", {"9": "2h"}, "clocks[0].limits", "not a grade"),
        ("clocks.0.calendar", "moon", "clocks[0].calendar", "'moon' is not known"),
        ("clocks.0.title", "派单", "clocks[0].title", "must be a table"),
    ],
)
def test_a_wrong_file_is_told_where_and_why(path: str, value: Any, field: str, why: str) -> None:
    with pytest.raises(LadderInvalid) as caught:
        ladder_of(changed(path, value), "letter.toml")
    assert caught.value.facts["field"] == field
    assert why in str(caught.value.facts["why"])


def test_a_file_that_is_not_toml_says_so(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("ladder_id = ", encoding="utf-8")
    with pytest.raises(LadderInvalid, match=r"own\.toml is wrong at file"):
        read_ladders(tmp_path)


def test_a_city_replaces_a_ladder_from_a_day_on(tmp_path: Path) -> None:
    text = (OURS / "letter.toml").read_text(encoding="utf-8")
    text = (
        text.replace("letter/2026.1", "own/1")
        .replace("2000-01-01", "2026-05-01")
        .replace('all = "30min"', 'all = "15min"')
    )
    (tmp_path / "letter.toml").write_text(text, encoding="utf-8")
    both = read_ladders(tmp_path)
    assert both.on_day("letter", date(2026, 4, 30)).rule_set == "letter/2026.1"
    assert both.on_day("letter", date(2026, 5, 1)).clocks[0].limits_s == {0: 900}
    assert both.named("letter/2026.1").clocks[0].limits_s == {0: 1800}
    assert both.on_day("letter", date(1999, 1, 1)).rule_set == "letter/2026.1"


def test_a_changed_ladder_needs_a_new_name() -> None:
    with pytest.raises(LadderInvalid, match="is taken"):
        LadderSet([LADDER, LADDER])


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(LadderInvalid, match=r"grid\.toml"):
        read_ladders().on_day("grid", date(2026, 1, 1))
    with pytest.raises(LadderInvalid, match="gone/1"):
        read_ladders().named("gone/1")


def test_a_working_day_has_its_hours() -> None:
    table = changed("clocks.0.calendar", "working")
    table["clocks"][0]["limits"] = {"all": "2d"}
    assert ladder_of(table, "letter.toml", working_day_h=8).clocks[0].limits_s == {0: 16 * 3600}
