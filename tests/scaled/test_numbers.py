"""``tests/api/test_numbers.py`` on PostgreSQL."""

import pytest

from tests.api.test_numbers import *  # noqa: F403

pytestmark = pytest.mark.contract
