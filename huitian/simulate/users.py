"""Demo accounts, without passwords: whoever serves the demo city gives them one."""

from collections.abc import Sequence
from dataclasses import dataclass

from huitian.model.scope import Lens
from huitian.simulate.division import Division
from huitian.simulate.estates import Community
from huitian.simulate.names import PERSON_NAMES_EN
from huitian.simulate.organisations import CENTRE_ID, Organisations


@dataclass(frozen=True, slots=True)
class DemoUser:
    """One demo account.

    Attributes:
        user_name: Name to sign in with.
        display_name: Name on screens, which say the role beside it in the reader's language.
        role: Role code.
        lens: How personal fields are masked.
        org_id: Organisation.
        place_id: Root of what may be read; None means the whole city.
    """

    user_name: str
    display_name: str
    role: str
    lens: Lens
    org_id: str
    place_id: str | None

    @property
    def name_en(self) -> str:
        """The name in pinyin."""
        return PERSON_NAMES_EN[self.display_name]


def demo_users(
    division: Division, organisations: Organisations, communities: Sequence[Community], busiest: int
) -> list[DemoUser]:
    """Return the demo accounts; ``busiest`` is the index of a community."""
    street = communities[busiest].street
    street_place = f"admin:{division.street_code[street]}"
    community_place = f"admin:{division.community_code[busiest]}"
    committee = organisations.committee_id[busiest]
    return [
        DemoUser("leader", "测试甲", "leader", "V1", CENTRE_ID, None),
        DemoUser("dispatcher", "测试乙", "dispatcher", "V2", CENTRE_ID, None),
        DemoUser(
            "street",
            "测试丙",
            "street_dispatcher",
            "V2",
            organisations.street_id[street],
            street_place,
        ),
        DemoUser("committee", "测试丁", "committee", "V2", committee, community_place),
        DemoUser("grid_worker", "测试戊", "grid_worker", "V2", committee, community_place),
        DemoUser("household", "测试庚", "committee", "V3", committee, community_place),
        DemoUser("auditor", "测试辛", "auditor", "V2", CENTRE_ID, None),
        DemoUser("data_admin", "测试己", "data_admin", "V2", CENTRE_ID, None),
    ]
