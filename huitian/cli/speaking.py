"""What commands say: the language, and how an error is told."""

import os
import sys
from typing import TYPE_CHECKING

from huitian.errors import BadSetting, HuitianError, MappingInvalid, UnknownSetting, UnknownSource
from huitian.errors import Language as Tongue

if TYPE_CHECKING:
    from huitian.settings import Settings

OK, FAILED, USAGE, NOTHING_READ = 0, 1, 2, 3
"""Exit codes: done; an error; called wrongly; nothing could be read."""
_USAGE = (MappingInvalid, UnknownSource, UnknownSetting, BadSetting)


def language(settings: "Settings | None" = None) -> Tongue:
    """Return the language of the city (``HUITIAN_LANGUAGE`` or ``city.toml``), Chinese where nobody says."""
    if settings is None:
        from huitian.settings import read_settings

        try:
            settings = read_settings()
        except HuitianError:
            # A setting is wrong, but the language may be right: who reads English is told in English.
            return "en" if os.environ.get("HUITIAN_LANGUAGE", "").strip() == "en" else "zh"
    return "en" if settings.language == "en" else "zh"


def tell(error: HuitianError, lang: Tongue | None = None) -> int:
    """Write an error to standard error: what happened, what to do, its code. Returns the exit code."""
    spoken = lang or language()
    sys.stderr.write(f"{error.words(spoken)}\n{error.what_to_do(spoken)}  [{error.code}]\n")
    return USAGE if isinstance(error, _USAGE) else FAILED


def either(lang: Tongue, zh: str, en: str) -> str:
    """Return the words of one language."""
    return zh if lang == "zh" else en
