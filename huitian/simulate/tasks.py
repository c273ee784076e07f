"""Work for the demo phone: some open letters of the busiest community lie with its own committee."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from huitian.model.case import CaseStory
from huitian.simulate.lives import owner_now

RECENT = timedelta(days=6)
MOST = 5


def with_tasks(
    letters: Sequence[CaseStory], communities: Sequence[int], committee_ids: Sequence[str], as_of: datetime
) -> tuple[CaseStory, ...]:
    """Return the letters with up to five recent open ones of one community handed to its committee.

    The committee takes the place of the body that has the letter, at the same times. Which letters there are and
    where stays as it is.

    Args:
        letters: All letters.
        communities: Index of the community of each.
        committee_ids: Committee by community.
        as_of: Aware UTC instant at which the city stands still.
    """
    owners = [owner_now(letter) for letter in letters]
    recent = [
        at for at, letter in enumerate(letters)
        if owners[at] is not None and letter.reported_at >= as_of - RECENT and letter.lon is not None
        and not any(step.action in {"escalate", "return"} for step in letter.steps)
    ]  # fmt: skip
    if not recent:
        return tuple(letters)
    counted = Counter(communities[at] for at in recent)
    busiest = max(counted, key=lambda community: (counted[community], -community))
    own = [at for at in recent if communities[at] == busiest]
    # What is still being handled first; then the newest that were answered, as if they were not yet.
    own.sort(key=lambda at: (any(step.action == "reply" for step in letters[at].steps), -at))
    handed = list(letters)
    for at in own[:MOST]:
        handed[at] = handed_to(letters[at], owners[at] or "", committee_ids[busiest])
    return tuple(handed)


def handed_to(letter: CaseStory, owner_id: str, committee_id: str) -> CaseStory:
    """Return a letter in which the committee stands wherever its owner stood, up to its answer."""
    steps = []
    for step in letter.steps:
        if step.action == "reply":
            break
        facts = {k: committee_id if v == owner_id else v for k, v in step.facts.items()}
        steps.append(
            replace(step, org_id=committee_id if step.org_id == owner_id else step.org_id, facts=facts)
        )
    return replace(letter, steps=tuple(steps))
