"""Pages that are built as others are, for another reader or on another width."""

import pytest

from tests.journey.conftest import Opener
from tests.journey.test_pages_are_well import DESK, NARROW, PHONE, in_every_dress

pytestmark = pytest.mark.journey

PAGES = (
    ("/", "", PHONE),
    ("/desk?tab=running", "dispatcher", DESK),
    ("/desk/cases/{closed}", "dispatcher", (1280, 800)),
    ("/desk/places/{street}", "dispatcher", DESK),
    ("/desk/places/{community}?at=2020-01-01", "dispatcher", DESK),
    ("/desk/packs/overview", "dispatcher", DESK),
    ("/desk/people", "street_dispatcher", (1280, 800)),
    ("/desk/packs?place={street}", "leader", (1280, 800)),
    ("/desk/looks", "auditor", (1280, 800)),
    ("/desk/account", "household", (800, 900)),
    ("/mobile", "committee", PHONE),
    ("/mobile/cases/{mine}/note", "grid_worker", NARROW),
    ("/public/follow?no=XX20260101000001", "", (1200, 900)),
    ("/docs/guides/the-desk", "", DESK),
    ("/desk/loads/demo", "data_admin", DESK),
)


@pytest.mark.parametrize(("path", "role", "size"), PAGES)
def test_a_page_is_well_in_every_dress(
    open_page: Opener, ids: dict[str, str], path: str, role: str, size: tuple[int, int]
) -> None:
    in_every_dress(open_page, ids, path, role, size)
