"""What a trip carries: letters and ratings in, receipts, answers and published data out."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
"""A whole number that every store can hold."""
Number = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Id = Annotated[str, msgspec.Meta(pattern="^[0-9A-Za-z_-]{1,64}$")]
"""What one side calls something of its own: nothing in it can mean something to a store or a screen."""
Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
YEARS = range(1970, 2200)


def check_instant(at: datetime) -> None:
    """Refuse an instant that arithmetic of time zones and limits would run out of.

    Raises:
        ValueError: It is one.
    """
    if at.year not in YEARS:
        raise ValueError(at.year)


class LetterItem(msgspec.Struct, frozen=True, tag="letter", tag_field="item", forbid_unknown_fields=True):
    """A letter on its way in.

    Attributes:
        letter_id: Made once; the same id is the same letter.
        case_no: The number that its writer was given.
        reported_at: When its writer sent it, aware UTC.
        sealed: Its words, sealed for the city, with everything that is personal.
        file_ids: Its photos, by the SHA-256 of what was sealed; they are in the same trip.
    """

    letter_id: Id
    case_no: Annotated[str, msgspec.Meta(max_length=32)]
    reported_at: Instant
    sealed: bytes
    file_ids: tuple[Hash, ...] = ()

    def __post_init__(self) -> None:
        """Look at what a type cannot say."""
        check_instant(self.reported_at)


class RatingItem(msgspec.Struct, frozen=True, tag="rating", tag_field="item", forbid_unknown_fields=True):
    """A writer's rating on its way in; the follow code was checked outside.

    Attributes:
        rating_id: Made once; the same id is the same rating.
        letter_id: The letter.
        rated_at: When it was given, aware UTC.
        sealed: The answers and words, sealed for the city.
    """

    rating_id: Id
    letter_id: Id
    rated_at: Instant
    sealed: bytes

    def __post_init__(self) -> None:
        """Look at what a type cannot say."""
        check_instant(self.rated_at)


class ReceiptItem(msgspec.Struct, frozen=True, tag="receipt", tag_field="item", forbid_unknown_fields=True):
    """What became of a letter or a rating; the outside host forgets its content then.

    Attributes:
        object_id: ``letter_id`` or ``rating_id``.
        is_taken: Whether the city has it.
        why: Why not: ``number_taken``, or the code of an error.
        why_zh: In Chinese.
        why_en: In English.
    """

    object_id: str
    is_taken: bool
    why: str = ""
    why_zh: str = ""
    why_en: str = ""


class AnswerItem(msgspec.Struct, frozen=True, tag="answer", tag_field="item", forbid_unknown_fields=True):
    """A letter as its writer may see it now, without the writer's own words.

    Attributes:
        letter_id: The letter.
        version: Version of the case.
        view: As ``Following.letter`` gives it.
    """

    letter_id: str
    version: int
    view: dict[str, Any]


class ReferenceItem(
    msgspec.Struct, frozen=True, tag="reference", tag_field="item", forbid_unknown_fields=True
):
    """The published data that the public page needs, whole.

    Attributes:
        prefix: Letters before the numbers that this outside host gives.
        settings: Settings of the city that the page shows or keeps to.
        trees: Rows of ``tree``.
        places: Rows of ``place`` without outlines.
        categories: Rows of ``category``.
    """

    prefix: str
    settings: dict[str, Any]
    trees: tuple[dict[str, Any], ...]
    places: tuple[dict[str, Any], ...]
    categories: tuple[dict[str, Any], ...]


Item = LetterItem | RatingItem | ReceiptItem | AnswerItem | ReferenceItem
FROM_OUTSIDE = (LetterItem, RatingItem)
FROM_INSIDE = (ReceiptItem, AnswerItem, ReferenceItem)


class SealedLetter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is sealed of a letter; see ``model.case.Letter``."""

    body: str
    title: str = ""
    lon: float | None = None
    lat: float | None = None
    place_id: str | None = None
    building_id: str | None = None
    address_note: str = ""
    category_code: str | None = None
    name: str | None = None
    phone: str | None = None
    is_anonymous: bool = False


class SealedRating(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is sealed of a rating."""

    is_contacted: bool | None = None
    solved: str | None = None
    satisfied: str | None = None
    words: str = ""


def letter_purpose(letter_id: str) -> bytes:
    """Return what a sealed letter is bound to."""
    return f"huitian ferry letter {letter_id}".encode()


def rating_purpose(rating_id: str) -> bytes:
    """Return what a sealed rating is bound to."""
    return f"huitian ferry rating {rating_id}".encode()


def photo_purpose(file_id: str) -> bytes:
    """Return what a sealed photo is bound to."""
    return f"huitian ferry photo {file_id}".encode()
