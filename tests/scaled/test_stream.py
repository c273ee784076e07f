"""``tests/api/test_stream.py`` on PostgreSQL."""

import pytest

from tests.api.test_stream import *  # noqa: F403

pytestmark = pytest.mark.contract
