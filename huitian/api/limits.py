"""How often one address may do what nobody must sign in for."""

from dataclasses import dataclass
from typing import cast

from fastapi import Request

from huitian.api.city import City
from huitian.api.tries import Tries

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a city.

    Attributes:
        letters: Letters of one address.
        follows: Wrong follow codes of one address.
        photos: Photos of one address.
        remarks: Words on panels of the public page; as many as letters.
    """

    letters: Tries
    follows: Tries
    photos: Tries
    remarks: Tries


def made_limits(city: City) -> Limits:
    """Return the limits of a city."""
    settings = city.settings
    return Limits(
        Tries(city, "letter", settings.max_letters_per_h, HOUR_S),
        Tries(city, "follow", settings.max_wrong_codes_per_h, HOUR_S),
        Tries(city, "photo", settings.max_photos_per_h, HOUR_S),
        Tries(city, "remark", settings.max_letters_per_h, HOUR_S),
    )


def limits_of(request: Request) -> Limits:
    """Return the limits of the server of a request."""
    return cast("Limits", request.app.state.limits)
