import pytest

from tools.house_rules.float_units import check


@pytest.mark.parametrize(
    "text",
    [
        "class Move:\n    speed: float\n",
        "class Move:\n    speed: float | None = None\n",
        "def wait(timeout: float) -> None: ...\n",
        "def wait(*, timeout: float) -> None: ...\n",
        "class Move:\n    def __init__(self, speed: float) -> None: ...\n",
        "async def wait(timeout: 'float') -> None: ...\n",
    ],
)
def test_a_bare_float_is_found(repository, text):
    assert len(list(check(repository({"huitian/flow/moves.py": text})))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "class Move:\n    speed_mps: float\n    lon: float\n    label_lat: float | None\n    n: int\n",
        "def wait(timeout_s: float, share_ratio: float, value: float) -> None: ...\n",
        "def _inner(a: float) -> None: ...\n",
        "class _Inner:\n    a: float\n",
        "def add(a: float) -> float:  # no unit: any quantity\n    ...\n",
    ],
)
def test_units_coordinates_and_private_names_pass(repository, text):
    assert not list(check(repository({"huitian/flow/moves.py": text})))
