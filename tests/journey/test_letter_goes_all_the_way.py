"""The main journey: a letter goes all the way."""

from pathlib import Path

import pytest

from tests.journey.conftest import Opener
from tests.journey.letter_way import letter_goes_all_the_way

pytestmark = pytest.mark.journey


def test_a_letter_goes_all_the_way(open_page: Opener, tmp_path: Path) -> None:
    letter_goes_all_the_way(open_page, tmp_path)
