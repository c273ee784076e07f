"""The driver of PostgreSQL with one trip to the server a statement, where pg8000 itself makes three.

pg8000 waits for the answer to PARSE, then to DESCRIBE, then to EXECUTE. The protocol lets them go together: the server
answers all of them, and after an error skips the rest until SYNC. A letter is a dozen statements, so this is felt.
"""

import contextlib
from typing import Any

from pg8000.core import NULL_BYTE, SYNC_MSG, Context, _flush, _write, make_params
from pg8000.exceptions import InterfaceError
from pg8000.legacy import Connection


class OneTripConnection(Connection):  # type: ignore[misc]
    """A connection of pg8000 whose statements with parameters are one trip."""

    def execute_unnamed(self, statement: str, vals: Any = (), oids: Any = (), stream: Any = None) -> Context:
        """Run one statement; COPY goes the driver's own way, for its data comes between the messages."""
        if stream is not None:
            return super().execute_unnamed(statement, vals=vals, oids=oids, stream=stream)
        # Made first: a value that cannot be sent must not leave half a conversation.
        params = make_params(self.py_types, vals)
        for param in params:
            if param is not None and not param.isascii():
                param.encode(self._client_encoding)
        context = Context(statement)
        self.send_PARSE(NULL_BYTE, statement, oids)
        self.send_DESCRIBE_STATEMENT(NULL_BYTE)
        self.send_BIND(NULL_BYTE, params)
        self.send_EXECUTE()
        _write(self._sock, SYNC_MSG)
        _flush(self._sock)
        self.handle_messages(context)
        return context

    def handle_messages(self, context: Context) -> None:
        """Read the answers; a connection that breaks is told as the driver tells one that cannot be written to.

        Else the pool, which asks each connection for a sign of life, does not take this for one that is dead.
        """
        try:
            super().handle_messages(context)
        except OSError as error:
            raise InterfaceError("network error") from error

    def close(self) -> None:
        """Close it; one that is broken gives its socket back too, where pg8000 leaves it to be collected."""
        stream = self._sock
        try:
            super().close()
        finally:
            with contextlib.suppress(OSError, ValueError):
                if stream is not None:
                    stream.close()
