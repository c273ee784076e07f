"""``tests/api/test_session.py`` on PostgreSQL."""

import pytest

from tests.api.test_session import *  # noqa: F403

pytestmark = pytest.mark.contract
