"""``huitian grant``: given, passed on, listed, taken back; what is wrong is said."""

from pathlib import Path

import pytest

from tests.cli.test_user import city_folder, user

pytestmark = pytest.mark.served
__all__ = ["city_folder"]


def test_a_grant_is_given_passed_on_and_taken_back(city_folder: Path) -> None:
    for name in ("sun", "qian"):
        added = user("user", "add", city_folder, name, "--role", "leader", "--password-stdin")
        assert added.returncode == 0, added.stderr
    place, lens = ("--place", "admin:990101"), ("--lens", "V2")
    given = user(
        "grant",
        "add",
        city_folder,
        "sun",
        "--role",
        "street_dispatcher",
        *place,
        *lens,
        "--until",
        "2099-01-01",
    )
    assert given.returncode == 0, given.stderr
    grant_id = given.stdout.split(": ")[1].split()[0]
    assert "2099-01-02 00:00" in given.stdout
    part = ("grant", "delegate", city_folder, grant_id, "qian", *place, *lens, "--until", "2098-01-01")
    refused = user(*part, "--role", "dispatcher")
    assert (refused.returncode, "grant_not_possible" in refused.stderr) == (1, True)
    assert user(*part, "--role", "committee").returncode == 0
    listed = user("grant", "list", city_folder).stdout
    assert f"part of {grant_id}" in listed
    assert user("grant", "revoke", city_folder, grant_id).returncode == 0
    after = user("grant", "list", city_folder).stdout
    assert grant_id not in after, "what was passed on went with it"
    assert "leader" in after
