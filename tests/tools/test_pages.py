from huitian.model.query import AnyOf, Condition
from tools.pages import interface, numbers, row


def test_a_cell_keeps_the_table_whole():
    assert row("a|b", None, "two\nlines") == "| a\\|b | — | two lines |"


def test_conditions_are_written_out():
    where = (
        Condition("state", "eq", "closed"),
        AnyOf((Condition("due_at", "is_null"), Condition("n", "gt", 3))),
    )
    assert numbers.conditions(where) == "`state eq closed` and (`due_at is_null` or `n gt 3`)"
    assert numbers.conditions(()) == ""


def test_every_route_of_the_interface_has_a_row():
    document = {
        "paths": {
            "/v1/places": {
                "get": {
                    "tags": ["places"],
                    "summary": "Places",
                    "parameters": [{"name": "at", "in": "query"}],
                },
                "parameters": [],
            },
            "/v1/cases": {"get": {"tags": ["cases"]}, "post": {"tags": ["cases"], "summary": "New case"}},
            "/healthz": {"get": {}},
        }
    }
    lines = interface.page(document).splitlines()
    assert [line for line in lines if line.startswith("## ")] == ["## cases", "## places", "## server"]
    assert "| `GET /v1/places` | Places | `at` |" in lines
    assert "| `POST /v1/cases` | New case | — |" in lines
    assert sum(line.startswith("| `") for line in lines) == 4
