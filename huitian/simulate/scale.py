"""How much city the demo makes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoScale:
    """How many of what; the area and its places are always the same size.

    Attributes:
        n_buildings: Buildings, 500 … 3,800 (more find no room); dwellings, households and persons follow from them.
        person_share: Part of the households (0–1) whose members have been entered; the others have households
            with ``n_persons`` missing, as in a register that is still being filled. 1 gives about 190,000
            persons, the default about 100,000.
        n_enterprises: Enterprises beside offices, committees, departments and property firms.
        n_components: City components such as lamps and manholes.
        n_letters: Letters in the 365 days before the as-of instant.
    """

    n_buildings: int = 2_000
    person_share: float = 0.55
    n_enterprises: int = 300
    n_components: int = 6_000
    n_letters: int = 5_000
