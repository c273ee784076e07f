"""``huitian token``: made once, listed without what programs carry, revoked."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from huitian.api.sign_in import add_user, new_user
from huitian.app import open_city
from huitian.cli.app import app
from tests.cases.conftest import make_town


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "city"
    home.mkdir()
    make_town(home).engine.close()
    city = open_city(home)
    add_user(city, new_user("zhou", "a-heron-in-the-reeds", "", "dispatcher", "V2"))
    city.close()
    return home


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["token", *words])
    assert result.exit_code == code, result.output
    return result.output + str(result.exception or "")


def test_a_token_is_shown_once_and_revoked(folder: Path) -> None:
    made = run(
        "add", str(folder), "zhou", "--title", "每日统计", "--place", "admin:110199001", "--subject", "cases"
    )
    secret = made.splitlines()[0]
    assert secret.startswith("huitian_")
    (line,) = run("list", str(folder)).splitlines()
    assert secret not in line
    assert secret[:14] in line
    assert "integrator  V1  admin:110199001  GET" in line
    token_id = line.split()[0]
    run("revoke", str(folder), token_id)
    run("revoke", str(folder), token_id)
    assert "revoked" in run("list", str(folder), "zhou")


def test_what_cannot_be_made_is_said(folder: Path) -> None:
    assert "subjects" in run("add", str(folder), "zhou", "--title", "x", "--subject", "account", code=1)
    assert "nobody" in run("add", str(folder), "nobody", "--title", "x", code=1)
    run("revoke", str(folder), "t-none", code=1)
