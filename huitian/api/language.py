"""The language of an answer."""

from huitian.errors import Language


def language_of(accept: str, otherwise: Language = "zh") -> Language:
    """Return the language that an ``Accept-Language`` header likes best of Chinese and English."""
    best: Language = otherwise
    best_q = 0.0
    for part in accept[:500].split(","):
        tag, _, parameter = part.strip().partition(";")
        name = tag.strip().lower().partition("-")[0]
        if name not in {"zh", "en"}:
            continue
        try:
            q = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            q = 0.0
        if 1.0 >= q > best_q:
            best, best_q = ("zh" if name == "zh" else "en"), q
    return best
