import pytest

from tools.groups import GROUPS, REST_SHARE_S
from tools.outcomes import Outcome, Run, read_counts

FAST, REAL = GROUPS[0], GROUPS[-1]


def test_counts_of_a_report():
    report = b'<testsuites><testsuite tests="9" failures="1" errors="2" skipped="3"/></testsuites>'
    assert read_counts(report) == (3, 3, 3)


def test_a_good_run():
    run = Run([Outcome(FAST, n_passed=5, n_skipped=1)])
    assert run.complaints() == []
    assert run.closing_line() == "5 passed, 0 failed, 1 skipped"


@pytest.mark.parametrize(
    ("run", "complaint"),
    [
        (Run([Outcome(FAST, n_passed=4, n_failed=1)]), "fast failed"),
        (Run([Outcome(FAST, n_passed=4, is_broken=True)]), "fast failed"),
        (Run([]), "no test ran"),
        (Run([Outcome(FAST, n_skipped=3, why_not="every test of it was skipped")]), "no test ran"),
        (Run([Outcome(FAST, n_passed=1, took_s=181)], ci_s=200), "fast took more than its share"),
        (Run([Outcome(FAST, n_passed=1)], ci_s=REST_SHARE_S + 1), "the rest took more than its share"),
    ],
)
def test_what_is_not_good(run, complaint):
    assert run.complaints() == [complaint]


def test_a_group_that_did_not_run_is_a_failure_only_where_it_is_required():
    outcomes = [Outcome(FAST, n_passed=1), Outcome(REAL, why_not="no real data")]
    assert Run(outcomes).complaints() == []
    said = Run(outcomes, required=frozenset({"real_data"})).complaints()
    assert said == ["real_data is required and did not run: no real data"]


def test_a_pytest_that_broke_off_counts_as_failed():
    assert Run([Outcome(FAST, n_passed=4, is_broken=True)]).closing_line() == "4 passed, 1 failed, 0 skipped"


def test_the_table_names_every_group_and_its_reason():
    table = "\n".join(
        Run([Outcome(FAST, n_passed=1, took_s=170), Outcome(REAL, why_not="no real data")], ci_s=300).table()
    )
    assert "real_data" in table
    assert "did not run: no real data" in table
    assert "warning: close" in table
