"""The root of all errors: a code, a status, words in two languages, and the problem of RFC 9457."""

from __future__ import annotations

import math
import string
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, ClassVar, Literal

Language = Literal["zh", "en"]
Json = Mapping[str, "Json"] | list["Json"] | str | int | float | bool | None

MEMBERS = (
    "type", "title", "status", "code", "detail", "detail_zh", "detail_en",
    "what_to_do", "what_to_do_zh", "what_to_do_en",
)  # fmt: skip
"""Names of RFC 9457 problem members; a fact may not take one of them."""

_LONGEST_FACT = 400


class _Facts(string.Formatter):
    """Fills a template and never fails: a fact that is missing is shown as a dash."""

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        value = kwargs.get(key)
        return "—" if value is None else _short(value)

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        return self.get_value(field_name, args, kwargs), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        return str(value)


def _short(value: object) -> str:
    said = "、".join(map(str, value)) if isinstance(value, list | tuple | set | frozenset) else str(value)
    return said if len(said) <= _LONGEST_FACT else said[: _LONGEST_FACT - 1] + "…"


def fill(template: str, facts: Mapping[str, object]) -> str:
    """Returns the template with the facts in it; a fact that is missing is shown as a dash."""
    return _Facts().vformat(template, (), facts)


def names_in(template: str) -> tuple[str, ...]:
    """Returns the names of the facts that a template uses, in its order."""
    return tuple(name for _, name, _, _ in string.Formatter().parse(template) if name)


def _json(value: object) -> Json:
    """Turns a fact into JSON; what has no JSON form becomes its text, a float that is not finite null."""
    match value:
        case None | bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else None
        case Enum():
            return _json(value.value)
        case str():
            return _short(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(name): _json(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_json(inner) for inner in value]
        case set() | frozenset():
            return sorted((_json(inner) for inner in value), key=str)
        case _:
            return _short(value)


class HuitianError(Exception):
    """The root of all errors.

    A subclass names its ``code`` (snake_case, stable) and HTTP ``status`` in the class line and has four
    templates over its facts. The first line of its docstring is the title of the problem.

    Args:
        **facts: What happened, as named values; they fill the templates and go on the wire. They must hold no
            personal words: errors are logged.

    Raises:
        TypeError: A fact has the name of a problem member (:data:`MEMBERS`).
    """

    code: ClassVar[str] = ""
    status: ClassVar[int] = 500
    words_zh: ClassVar[str] = ""
    words_en: ClassVar[str] = ""
    what_to_do_zh: ClassVar[str] = ""
    what_to_do_en: ClassVar[str] = ""

    def __init_subclass__(cls, *, code: str, status: int) -> None:
        super().__init_subclass__()
        known = _ERRORS.get(code)
        if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            msg = f"the error code {code!r} is taken by {known.__qualname__}"
            raise TypeError(msg)
        cls.code, cls.status = code, status
        _ERRORS[code] = cls

    def __init__(self, **facts: object) -> None:
        taken = sorted(set(facts) & set(MEMBERS))
        if taken:
            msg = f"{type(self).__name__}: a fact may not be called {', '.join(taken)}"
            raise TypeError(msg)
        super().__init__()
        self.facts: dict[str, object] = facts

    def __str__(self) -> str:
        return self.words("en")

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.facts)

    @classmethod
    def title(cls) -> str:
        """Returns the first line of the docstring."""
        return (cls.__doc__ or cls.code).strip().splitlines()[0]

    @classmethod
    def fact_names(cls) -> tuple[str, ...]:
        """Returns the names of the facts that the templates use, sorted."""
        words = (cls.words_zh, cls.words_en, cls.what_to_do_zh, cls.what_to_do_en)
        return tuple(sorted({name for template in words for name in names_in(template)}))

    def words(self, lang: Language = "zh") -> str:
        """Returns what happened and why, in one language; a missing fact is shown as a dash."""
        return fill(self.words_zh if lang == "zh" else self.words_en, self._told(lang))

    def what_to_do(self, lang: Language = "zh") -> str:
        """Returns what the reader can do about it, in one language."""
        return fill(self.what_to_do_zh if lang == "zh" else self.what_to_do_en, self._told(lang))

    def _told(self, lang: Language) -> dict[str, object]:
        """Returns the facts as one language tells them: ``why_zh`` stands for ``{why}`` in Chinese."""
        ending = f"_{lang}"
        own = {n.removesuffix(ending): fact for n, fact in self.facts.items() if n.endswith(ending)}
        return {**self.facts, **own}

    def problem(self, lang: Language = "zh") -> dict[str, Json]:
        """Returns the problem details of RFC 9457, the facts as its extension members.

        Args:
            lang: The language of ``detail`` and ``what_to_do``; both languages are always there beside them.
        """
        return {
            "type": f"/docs/errors/{self.code}",
            "title": self.title(),
            "status": self.status,
            "code": self.code,
            "detail": self.words(lang),
            "detail_zh": self.words("zh"),
            "detail_en": self.words("en"),
            "what_to_do": self.what_to_do(lang),
            "what_to_do_zh": self.what_to_do("zh"),
            "what_to_do_en": self.what_to_do("en"),
            **{name: _json(value) for name, value in self.facts.items()},
        }


_ERRORS: dict[str, type[HuitianError]] = {}


def _again(kind: type[HuitianError], facts: dict[str, object]) -> HuitianError:
    return kind(**facts)


def all_errors() -> tuple[type[HuitianError], ...]:
    """Returns every error that is loaded, one class a code, in the order of the codes."""
    return tuple(_ERRORS[code] for code in sorted(_ERRORS))
