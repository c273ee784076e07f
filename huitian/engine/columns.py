"""Column kinds that mean the same on every store."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Date, Dialect, LargeBinary, Text
from sqlalchemy.dialects.postgresql import TEXT
from sqlalchemy.types import JSON, TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """Aware UTC instant, stored as whole microseconds since 1970 so that both stores sort and compare alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Turn an aware datetime into microseconds."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: instants are aware UTC")
        return (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Turn microseconds into an aware UTC datetime."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Day(TypeDecorator[date]):
    """Calendar date without a time zone."""

    impl = Date
    cache_ok = True


class Geometry(TypeDecorator[bytes]):
    """WKB in lon-lat degrees; boxes beside it are what is searched."""

    impl = LargeBinary
    cache_ok = True


class Words(TypeDecorator[str]):
    """Text, sorted by code point on every store, whatever the locale of the server."""

    impl = Text
    cache_ok = True

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """Return the type of what a column is compared with: text without a collation, that of the column counts.

        Said of each of 400 keys, PostgreSQL plans the collations for 45 ms; without, the look-up takes 3.
        """
        del op, value
        return Text()

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Return the type of a dialect."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TEXT(collation="C"))
        return dialect.type_descriptor(self.impl_instance)


class Code(Words):
    """Short text: codes, ids, states."""

    cache_ok = True


class Plain(TypeDecorator[Any]):
    """Plain JSON with sorted keys, so that equal values are equal text."""

    impl = JSON
    cache_ok = True
