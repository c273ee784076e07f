"""``tests/api/test_letters.py`` on PostgreSQL."""

import pytest

from tests.api.test_letters import *  # noqa: F403

pytestmark = pytest.mark.contract
