"""Categories of a letter: titles, grades, owners, and a guess from its words that says which words it used."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from huitian.model.query import Row

OTHER = "A99"
DOUBT = 1.0
"""Weight of not knowing: one two-character word alone gives a confidence of about one half."""


@dataclass(frozen=True, slots=True)
class Category:
    """One category.

    Attributes:
        category_code: ``A12``.
        title_zh: Chinese name.
        title_en: English name.
        grade: Usual grade, 1–4 (domain 01 §4).
        keywords: Words that point to it.
        words_g1: Words that make a letter grade 1.
        words_g2: Words that make it grade 2.
        owner_kinds: Kinds of organisation that usually own it, most likely first.
        owner_words: Parts of the names of bodies that usually own it.
    """

    category_code: str
    title_zh: str
    title_en: str
    grade: int
    keywords: tuple[str, ...] = ()
    words_g1: tuple[str, ...] = ()
    words_g2: tuple[str, ...] = ()
    owner_kinds: tuple[str, ...] = ()
    owner_words: tuple[str, ...] = ()


class Guess(NamedTuple):
    """A guessed category.

    Attributes:
        category_code: ``A99`` where no word points anywhere.
        confidence: 0–1; 0 where no word points anywhere.
        matched: The words that were found, in the order of their weight. Personal words are never among them:
            they are all from the list.
    """

    category_code: str
    confidence: float
    matched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Categories:
    """The categories of a city, by code."""

    by_code: Mapping[str, Category] = field(default_factory=dict)

    def guess(self, text: str) -> Guess:
        """Guess the category of a text by its keywords.

        A keyword weighs its length less one, and half as much again when it comes more than once; the longest
        of keywords inside one another counts. Confidence is ``best / (best + second + DOUBT)``.
        """
        scores: list[tuple[float, str, tuple[str, ...]]] = []
        for code, category in self.by_code.items():
            found = [word for word in category.keywords if word in text]
            if found:
                longest = [w for w in found if not any(w != o and w in o for o in found)]
                weights = {w: (len(w) - 0.9) * (1.5 if text.count(w) > 1 else 1.0) for w in longest}
                matched = tuple(sorted(weights, key=lambda w: (-weights[w], w)))
                scores.append((math.fsum(weights.values()), code, matched))
        if not scores:
            return Guess(OTHER, 0.0, ())
        scores.sort(key=lambda one: (-one[0], one[1]))
        second = scores[1][0] if len(scores) > 1 else 0.0
        best, code, matched = scores[0]
        return Guess(code, round(best / (best + second + DOUBT), 4), matched)

    def grade_of(self, category_code: str, text: str) -> int:
        """Return the grade of a letter: the most urgent of its words, else the usual one of its category."""
        usual = self.by_code[category_code].grade if category_code in self.by_code else 3
        if usual > 1 and any(word in text for one in self.by_code.values() for word in one.words_g1):
            return 1
        if usual > 2 and any(word in text for one in self.by_code.values() for word in one.words_g2):
            return 2
        return usual

    def title(self, category_code: str | None) -> tuple[str | None, str | None]:
        """Return ``(zh, en)``; None for a code that is missing or not known."""
        found = self.by_code.get(category_code or "")
        return (found.title_zh, found.title_en) if found else (None, None)

    def rows(self) -> list[Row]:
        """Return the rows of the entity ``category``."""
        return [
            {
                "category_code": one.category_code,
                "parent_code": None,
                "title_zh": one.title_zh,
                "title_en": one.title_en,
                "grade": one.grade,
                "keywords": list(one.keywords),
            }
            for one in self.by_code.values()
        ]


@cache
def read_categories() -> Categories:
    """Return the categories that come with Huitian."""
    tables = tomllib.loads(Path(__file__).with_name("categories.toml").read_text(encoding="utf-8"))

    def words(table: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
        return tuple(table.get(name, ()))

    return Categories(
        {
            code: Category(
                code, one["zh"], one["en"], one["grade"],
                *(words(one, name) for name in ("keywords", "words_g1", "words_g2", "owner_kinds", "owner_words")),
            )
            for code, one in tables.items()
        }
    )  # fmt: skip


def guess_category(text: str) -> Guess:
    """Guess the category of a text with the categories that come with Huitian."""
    return read_categories().guess(text)
