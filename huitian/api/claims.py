"""Grants by what an issuer says of somebody: ``claims.toml`` of the city tells which claim gives which role where.

Given at each sign-in, for as long as a session lasts, through the same door as every grant, so that they are in the
audit; at the first sign-in at which the issuer no longer says it they are taken back.
"""

import logging
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from huitian.api.city import City
from huitian.base.granting import Granting, Wanted
from huitian.base.grants import MOST_GRANTS, grant_of
from huitian.base.roles import Roles
from huitian.errors import ClaimsInvalid, GrantNotPossible, NotFound, StaleVersion
from huitian.model.grant import Grant
from huitian.model.query import Condition, Query
from huitian.model.scope import LENSES, Lens, Scope

FILE_NAME = "claims.toml"
ISSUER = Scope("issuer", None, "V3", "system")
"""Who gives these grants."""
LOG = logging.getLogger("huitian.claims")


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """What one value of a claim gives.

    Attributes:
        claim: Name of the claim; dots lead into nested ones (``realm_access.roles``).
        value: Its value, or one of its values where it is a list.
        role: Role code.
        lens: How personal fields are masked.
        place_id: Root of the subtree; None for the whole city.
    """

    claim: str
    value: str
    role: str
    lens: Lens
    place_id: str | None

    @property
    def purpose(self) -> str:
        """What the grant is told to be for."""
        return f"{self.claim}={self.value}"

    def is_said_in(self, claims: Mapping[str, Any]) -> bool:
        """Return whether the issuer says it of somebody."""
        told: Any = claims
        if self.claim in claims:
            told = claims[self.claim]
        else:
            for part in self.claim.split("."):
                told = told.get(part) if isinstance(told, Mapping) else None
        return self.value in told if isinstance(told, list) else told == self.value


def read_claims(folder: Path, roles: Roles) -> tuple[ClaimRule, ...]:
    """Return the rules of a city; none where it has no such file.

    Raises:
        ClaimsInvalid: The file is not TOML, breaks the form, or names a role that is not there.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return ()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ClaimsInvalid(number=0, why_zh=str(error), why_en=str(error)) from error
    listed = table.get("claims", [])
    if set(table) - {"claims"} or not isinstance(listed, list):
        raise ClaimsInvalid(number=0, why_zh="只能写 [[claims]]", why_en="only [[claims]] may stand here")
    return tuple(one_rule(number, entry, roles) for number, entry in enumerate(listed, 1))


def one_rule(number: int, entry: Any, roles: Roles) -> ClaimRule:
    """Return one rule of a file, checked.

    Raises:
        ClaimsInvalid: It breaks the form.
    """

    def wrong(zh: str, en: str) -> ClaimsInvalid:
        return ClaimsInvalid(number=number, why_zh=zh, why_en=en)

    known, needed = ("claim", "value", "role", "lens", "place"), ("claim", "value", "role", "lens")
    if not isinstance(entry, dict) or set(entry) - {*known}:
        raise wrong(f"可用：{'、'.join(known)}", f"known: {', '.join(known)}")
    for key in entry.keys() | {*needed}:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise wrong(f"{key} 应为文字", f"{key} must be words")
    role = roles.by_code.get(entry["role"])
    if role is None:
        raise wrong(f"没有角色 {entry['role']}", f"there is no role {entry['role']}")
    if entry["lens"] not in LENSES or entry["lens"] > role.lens_most:
        raise wrong(f"{role.code} 最高 {role.lens_most}", f"{role.code} sees at most {role.lens_most}")
    if "place" not in entry and not role.is_whole_city:
        raise wrong(
            f"{role.code} 不是全市角色，请写 place", f"{role.code} is no role of the whole city: name a place"
        )
    return ClaimRule(
        entry["claim"], entry["value"], role.code, cast("Lens", entry["lens"]), entry.get("place")
    )


class Claimed:
    """The grants that somebody has by what the issuer says.

    Args:
        city: The city.

    Raises:
        ClaimsInvalid: Its file is wrong.
    """

    def __init__(self, city: City) -> None:
        self._city = city
        self._rules = read_claims(city.folder, city.planner.roles)

    def settle(self, user_id: str, claims: Mapping[str, Any]) -> None:
        """Give an account what its claims give, until a session of now would end, and take back the rest. Idempotent.

        A rule that does not fit the city of today, because its place is gone, gives nothing and is logged.
        """
        city, now = self._city, self._city.clock.now()
        granting = Granting(city.engine.records, city.planner, city.clock)
        until = now + timedelta(hours=city.settings.session_hours)
        said = [one for one in self._rules if one.is_said_in(claims)]
        kept: set[str] = set()
        earlier = self._earlier(user_id)
        for rule in said:
            same = [one for one in earlier if is_of(one, rule)]
            held = next((one for one in same if one.holds_at(now)), None)
            try:
                if held is not None:
                    kept.add(held.grant_id)
                    granting.change(ISSUER, held.grant_id, held.version, until, rule.purpose)
                else:
                    # Two sign-ins at once count the same grants before, and so give one.
                    key = (
                        f"claims {user_id} {rule.role} {rule.lens} {rule.place_id} {rule.purpose} {len(same)}"
                    )
                    wanted = Wanted(rule.role, rule.lens, rule.place_id, user_id, purpose=rule.purpose,
                                    expires_at=until, key=key)  # fmt: skip
                    kept.add(granting.add(ISSUER, wanted).grant_id)
            except GrantNotPossible as error:
                LOG.warning("claims.toml, %s: %s", rule.role, error)
            except (StaleVersion, NotFound):
                # Another sign-in of the same account, or an administrator, was quicker.
                continue
        for one in earlier:
            if one.holds_at(now) and one.grant_id not in kept:
                try:
                    granting.revoke(ISSUER, one.grant_id)
                except (StaleVersion, NotFound):
                    continue

    def _earlier(self, user_id: str) -> Sequence[Grant]:
        planner = self._city.planner
        where = (Condition("user_id", "eq", user_id), Condition("granted_by", "eq", ISSUER.user_id))
        query = Query("grant", where, limit=MOST_GRANTS)
        return [grant_of(row) for row in self._city.engine.records.read(planner.system("grant"), query).rows]


def is_of(grant: Grant, rule: ClaimRule) -> bool:
    """Return whether a grant was given by a rule."""
    told = (grant.role, grant.lens, grant.place_id, grant.purpose)
    return told == (rule.role, rule.lens, rule.place_id, rule.purpose)
