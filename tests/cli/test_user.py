"""``huitian user``: accounts are added with a place, listed, given a new password, removed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from huitian.api.sign_in import SignIn
from huitian.app import open_city
from huitian.errors import WrongPassword

pytestmark = pytest.mark.served

CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("HUITIAN_")}
FIRST, SECOND = "a long password", "another long one"


def user(*arguments: object, password: str = FIRST) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "huitian.cli", *map(str, arguments)]
    environment = CLEAN | {"HUITIAN_LANGUAGE": "en", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=60,
        input=f"{password}\n",
    )


@pytest.fixture(scope="module")
def city_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a new city."""
    folder = tmp_path_factory.mktemp("accounts") / "city"
    box = ("--box", "116,39.9,116.8,40.4")
    made = user("init", folder, "--name", "星澜区", "--code", "990101", *box)
    assert made.returncode == 0, made.stderr
    return folder


def test_only_roles_of_the_whole_city_go_without_a_place(city_folder: Path) -> None:
    add = ("user", "add", city_folder)
    refused = user(*add, "wang", "--role", "grid_worker", "--password-stdin")
    assert refused.returncode == 1
    assert "--place" in refused.stderr
    worker = ("wang", "--role", "grid_worker", "--place", "admin:990101", "--password-stdin")
    assert user(*add, *worker).returncode == 0
    assert user(*add, "zhao", "--role", "leader", "--password-stdin").returncode == 0
    renamed = user("user", "change", city_folder, "wang", "--display-name", "王五", "--name-en", "Wang Wu")
    assert (renamed.returncode, "王五 · Wang Wu" in renamed.stdout) == (0, True), renamed.stderr
    assert user("user", "change", city_folder, "wang", "--name-en", "x" * 61).returncode == 1
    assert "--name-en" in user("user", "change", city_folder, "wang").stderr
    told = user("user", "list", city_folder).stdout.splitlines()
    assert told[0].endswith("  王五")
    assert [line.split("  ")[:4] for line in told] == [
        ["wang", "grid_worker", "V2", "admin:990101"],
        ["zhao", "leader", "V2", "全市 whole city"],
    ]
    assert "argon2" not in "".join(told)


def test_a_new_password_and_the_end_of_an_account_end_its_sessions(city_folder: Path) -> None:
    added = user("user", "add", city_folder, "li", "--role", "auditor", "--password-stdin")
    assert added.returncode == 0, added.stderr
    city = open_city(city_folder)
    sign_in = SignIn(city)
    try:
        old = sign_in.start("li", FIRST, "192.0.2.1")
        assert sign_in.find(old.token) is not None
        assert (
            user("user", "password", city_folder, "li", "--password-stdin", password="short").returncode == 1
        )
        assert sign_in.find(old.token) is not None
        changed = user("user", "password", city_folder, "LI", "--password-stdin", password=SECOND)
        assert changed.returncode == 0, changed.stderr
        assert sign_in.find(old.token) is None
        with pytest.raises(WrongPassword):
            sign_in.start("li", FIRST, "192.0.2.1")
        new = sign_in.start("li", SECOND, "192.0.2.1")
        assert user("user", "remove", city_folder, "li").returncode == 0
        assert sign_in.find(new.token) is None
        with pytest.raises(WrongPassword):
            sign_in.start("li", SECOND, "192.0.2.1")
    finally:
        city.close()
    for action in ("password", "remove"):
        missing = user(
            "user", action, city_folder, "li", *(("--password-stdin",) if action == "password" else ())
        )
        assert (missing.returncode, "not_found" in missing.stderr) == (1, True)
