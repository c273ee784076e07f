"""``tests/api/test_cases.py`` on PostgreSQL."""

import pytest

from tests.api.test_cases import *  # noqa: F403

pytestmark = pytest.mark.contract
