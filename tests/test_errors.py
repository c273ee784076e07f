from __future__ import annotations

import copy
import json
import pickle
import re
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitian import errors
from huitian.errors import MEMBERS, REASONS, HuitianError, NotFound, StaleVersion, all_errors
from huitian.errors.requests import THINGS
from tools.places import ROOT

every_error = pytest.mark.parametrize("kind", all_errors(), ids=lambda kind: kind.code)
every_reason = pytest.mark.parametrize("reason", REASONS.values(), ids=lambda reason: reason.code)


def is_chinese(words: str) -> bool:
    return re.search(r"[一-鿿]", words) is not None


@every_error
class TestEveryError:
    def test_has_a_code_a_status_and_a_title(self, kind: type[HuitianError]) -> None:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code)
        assert 400 <= kind.status <= 507
        assert kind.title().endswith(".")
        assert kind.title() == (kind.__doc__ or "").splitlines()[0]

    def test_is_named_like_its_code(self, kind: type[HuitianError]) -> None:
        assert re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower() == kind.code

    def test_speaks_both_languages(self, kind: type[HuitianError]) -> None:
        assert is_chinese(kind.words_zh)
        assert is_chinese(kind.what_to_do_zh)
        assert not is_chinese(kind.words_en)
        assert not is_chinese(kind.what_to_do_en)
        assert kind.words_en
        assert kind.what_to_do_en

    def test_fills_its_words(self, kind: type[HuitianError]) -> None:
        error = kind(**{name: f"<{name}>" for name in kind.fact_names()})
        for lang in ("zh", "en"):
            said = error.words(lang) + error.what_to_do(lang)
            assert "{" not in said
            assert "—" not in said
        for name in kind.fact_names():
            assert f"<{name}>" in "".join(str(value) for value in error.problem().values())

    def test_never_fails_to_speak(self, kind: type[HuitianError]) -> None:
        error = kind()
        assert str(error)
        assert "None" not in error.words("zh")

    def test_is_importable_from_the_package(self, kind: type[HuitianError]) -> None:
        if kind.__module__.startswith("huitian.errors"):
            assert getattr(errors, kind.__name__) is kind
            assert kind.__name__ in errors.__all__


class TestProblem:
    def test_has_the_members_of_rfc_9457_and_the_facts(self) -> None:
        steps = [{"step_no": 3, "taken_at": datetime(2026, 2, 14, 1, tzinfo=UTC)}]
        problem = StaleVersion(expected_version=2, actual_version=3, steps=steps).problem("en")
        assert set(MEMBERS) <= set(problem)
        assert problem["type"] == "/docs/errors/stale_version"
        assert problem["status"] == 409
        assert problem["detail"] == problem["detail_en"]
        assert problem["detail_zh"] == "您看到的是第 2 版，现已是第 3 版：其间有人先办了一步。"
        assert problem["actual_version"] == 3
        assert problem["steps"] == [{"step_no": 3, "taken_at": "2026-02-14T01:00:00+00:00"}]

    def test_speaks_chinese_first(self) -> None:
        problem = NotFound(entity="case", object_id="HT1").problem()
        assert problem["detail"] == problem["detail_zh"]
        assert problem["what_to_do"] == problem["what_to_do_zh"]

    def test_facts_of_any_kind_become_json(self) -> None:
        facts: dict[str, object] = {
            "a": Path("x"),
            "b": Fraction(1, 3),
            "c": float("nan"),
            "d": {"z", "y"},
            "e": (1, 2.5, None, True),
            "f": date(2026, 2, 14),
            "g": 1 << 70,
        }
        problem = NotFound(**facts).problem()
        json.dumps(problem, allow_nan=False)
        assert problem["c"] is None
        assert problem["d"] == ["y", "z"]
        assert problem["e"] == [1, 2.5, None, True]
        assert problem["f"] == "2026-02-14"

    def test_a_long_fact_is_cut(self) -> None:
        problem = NotFound(entity="case", object_id="字" * 100_000).problem()
        assert len(json.dumps(problem)) < 20_000

    @given(st.text(), st.text())
    def test_facts_are_never_templates(self, entity: str, object_id: str) -> None:
        error = NotFound(entity="{object_id}" + entity, object_id=object_id)
        assert "{object_id}" in error.words("zh")
        assert repr(object_id)[:50] in error.words("en")

    @pytest.mark.parametrize("name", MEMBERS)
    def test_a_fact_may_not_take_the_name_of_a_member(self, name: str) -> None:
        with pytest.raises(TypeError, match=name):
            NotFound(**{name: 1})


class TestRegistry:
    def test_codes_are_in_order_and_single(self) -> None:
        codes = [kind.code for kind in all_errors()]
        assert codes == sorted(set(codes))
        assert "not_found" in codes

    def test_a_code_cannot_be_taken_twice(self) -> None:
        with pytest.raises(TypeError, match="not_found"):
            type("Lost", (HuitianError,), {}, code="not_found", status=404)
        assert NotFound in all_errors()

    @pytest.mark.parametrize(
        "again", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))]
    )
    def test_an_error_crosses_processes(self, again: Any) -> None:
        error = again(StaleVersion(expected_version=2, actual_version=3))
        assert type(error) is StaleVersion
        assert error.problem() == StaleVersion(expected_version=2, actual_version=3).problem()


@every_reason
class TestEveryReason:
    def test_speaks_both_languages(self, reason: errors.Reason) -> None:
        assert is_chinese(reason.words())
        assert not is_chinese(reason.words("en"))

    def test_fills_its_words(self, reason: errors.Reason) -> None:
        facts = {name: f"<{name}>" for name in reason.fact_names()}
        for lang in ("zh", "en"):
            said = reason.words(lang, **facts)
            assert "{" not in said
            assert all(value in said for value in facts.values())


def test_the_reasons_that_ingest_relies_on() -> None:
    assert set(REASONS) == {
        "empty_file", "wrong_encoding", "missing_column", "missing_value", "not_a_number", "not_finite",
        "swapped_coordinates", "out_of_box", "bad_geometry", "self_crossing", "duplicate_key", "future_date",
        "bad_date", "too_long", "unknown_code", "unlocated", "formula_text", "bad_identifier",
        "open_quote", "too_many_cells", "not_an_object", "outline_mended", "markup_text", "newer_load",
    }  # fmt: skip
    kept = {code for code, reason in REASONS.items() if reason.is_kept}
    assert kept == {"formula_text", "outline_mended", "markup_text", "newer_load"}


def test_what_is_not_found_is_named_in_words_and_its_code_stays_a_fact() -> None:
    told = NotFound(entity="user_account", object_id="li").problem("en")
    assert (told["detail"], told["detail_zh"]) == (
        "There is no account 'li' that you may see.",
        "找不到账号“li”，或不在您的查看范围内。",
    )
    assert told["entity"] == "user_account"


def test_everything_that_can_be_missing_has_words() -> None:
    raised = re.compile(r'NotFound\(\s*entity="(\w+)"')
    found = {
        name for path in (ROOT / "huitian").rglob("*.py") for name in raised.findall(path.read_text("utf-8"))
    }
    assert found
    assert found <= set(THINGS)
