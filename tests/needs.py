"""Tests that need a program which a machine may lack say so here, and CI fails where it is not there."""

import pytest

from tools.needs import NEEDS, is_required


def need(name: str) -> None:
    """Skip the test that calls it where something is missing; fail it where that is required.

    Args:
        name: A key of :data:`tools.needs.NEEDS`.
    """
    wanted = NEEDS[name]
    if wanted.is_there():
        return
    if is_required(name):
        pytest.fail(f"required by HUITIAN_REQUIRE: {wanted.missing}", pytrace=False)
    pytest.skip(wanted.missing)
