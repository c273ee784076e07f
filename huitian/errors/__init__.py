"""Everything that can go wrong, said once: errors (raised) and reasons (kept beside a rejected row).

An error is raised deep and caught only at the two edges, ``api/problems.py`` and ``cli/``. Bad data is not
an error: the row is rejected with a :class:`Reason` and the rest goes on. Codes are stable: documentation,
screens and outside scripts rely on them. Every error has a page ``/docs/errors/<code>``, made from its class.

``root`` has the root and the problem of RFC 9457, ``requests`` what a request meets, ``city`` what a city
folder meets, ``stores`` what its stores meet, ``reasons`` the words for rejected rows. Everything is imported
from here.
"""

from __future__ import annotations

from huitian.errors.city import (
    BadSetting,
    CalendarInvalid,
    CityExists,
    CityMissing,
    FileUnreadable,
    LadderInvalid,
    LoadRunning,
    MappingInvalid,
    PackInvalid,
    PortTaken,
    UnknownEntity,
    UnknownField,
    UnknownNumber,
    UnknownPlace,
    UnknownSetting,
    UnknownSource,
    UnknownUnit,
    UserExists,
)
from huitian.errors.reasons import REASONS, Reason
from huitian.errors.requests import (
    CsrfMissing,
    InternalFault,
    InvalidInput,
    KeyReused,
    MethodNotAllowed,
    NaiveTime,
    NotAllowed,
    NotAPicture,
    NotFound,
    NotSignedIn,
    ServerBusy,
    StaleVersion,
    StepNotPossible,
    TooLarge,
    TooManyRequests,
    WrongPassword,
)
from huitian.errors.root import MEMBERS, HuitianError, Json, Language, all_errors
from huitian.errors.stores import (
    StoreAway,
    StoreBusy,
    StoreFull,
    StoreHalfMade,
    StoreLocked,
    StoreMoved,
    StoreReadOnly,
    StoreRefused,
    StoreTooNew,
)

__all__ = [
    "MEMBERS",
    "REASONS",
    "BadSetting",
    "CalendarInvalid",
    "CityExists",
    "CityMissing",
    "CsrfMissing",
    "FileUnreadable",
    "HuitianError",
    "InternalFault",
    "InvalidInput",
    "Json",
    "KeyReused",
    "LadderInvalid",
    "Language",
    "LoadRunning",
    "MappingInvalid",
    "MethodNotAllowed",
    "NaiveTime",
    "NotAPicture",
    "NotAllowed",
    "NotFound",
    "NotSignedIn",
    "PackInvalid",
    "PortTaken",
    "Reason",
    "ServerBusy",
    "StaleVersion",
    "StepNotPossible",
    "StoreAway",
    "StoreBusy",
    "StoreFull",
    "StoreHalfMade",
    "StoreLocked",
    "StoreMoved",
    "StoreReadOnly",
    "StoreRefused",
    "StoreTooNew",
    "TooLarge",
    "TooManyRequests",
    "UnknownEntity",
    "UnknownField",
    "UnknownNumber",
    "UnknownPlace",
    "UnknownSetting",
    "UnknownSource",
    "UnknownUnit",
    "UserExists",
    "WrongPassword",
    "all_errors",
]
