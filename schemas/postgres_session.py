"""A PostgreSQL database opened for writing: one transaction, and one sentence for whatever the server says of it.

Reading a live database is `live.py`, which never writes; what is loaded is up to `load.py` and `load_native.py`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .errors import DatabaseError
from .live import Target

if TYPE_CHECKING:
    import psycopg

_LONGEST = 240
_BEGINNING = (
    "SET LOCAL client_encoding = 'UTF8'",
    "SET LOCAL timezone = 'UTC'",  # stored moments are in UTC, whatever the server's zone
    "SET LOCAL session_replication_role = 'origin'",  # a database or role may be set to check nothing
)


class Session:
    """A connection within its transaction.

    Attributes:
        shown: The URL as messages say it, without user, password and options.
        doing: What is going on, for the sentence about a failure.
    """

    def __init__(self, target: Target, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.target = target
        self.shown = target.shown
        self.doing = ""

    def run(self, statement: str, *values: object) -> psycopg.Cursor:
        """Execute one statement that is our own text; values stand for its `%s`."""
        return self.connection.execute(statement.encode(), values or None)

    def copy(self, statement: str, chunks: Iterator[bytes]) -> None:
        """Send chunks to a COPY .. FROM STDIN."""
        with self.connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for chunk in chunks:
                copy.write(chunk)


@contextlib.contextmanager
def session(url: str) -> Iterator[Session]:
    """Open `url`; what was done is kept when the block ends, and nothing of it when the block raises.

    Raises:
        DatabaseError: Not PostgreSQL, not reachable, or the server refused something; one sentence, no password.
    """
    target = Target.of(url)
    if target.kind.dialect != "postgres":
        raise DatabaseError(f"cannot fill {target.shown}: rows are loaded into postgresql:// databases only")
    target = target._replace(url=target.url.set(drivername="postgresql+psycopg"))
    engine = target.engine()
    import psycopg
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    opened: Session | None = None
    try:
        with contextlib.closing(engine.raw_connection()) as lent:
            connection = lent.driver_connection
            assert isinstance(connection, psycopg.Connection)
            opened = Session(target, connection)
            with connection.transaction():
                for setting in _BEGINNING:
                    opened.run(setting)
                yield opened
            connection.commit()
        return
    except psycopg.Error as error:
        message = refusal(error)
        doing = opened.doing if opened is not None else ""
        reason = f"{doing}{target.reason(message, 0) if error.sqlstate is None else target.clean(message)}"
    except DBAPIError as error:
        reason = target.reason(str(error.orig), 0)
    except SQLAlchemyError as error:
        reason = target.reason(str(error), 0)
    finally:
        engine.dispose()
    # Outside of the handlers, so that no trace leads to the URL.
    raise DatabaseError(f"cannot fill {target.shown}: {reason}") from None


def refusal(error: psycopg.Error) -> str:
    """What the server says of one statement, in one line."""
    said = error.diag
    message = said.message_primary or (str(error).splitlines() or ["it gave no reason"])[0]
    if said.constraint_name and said.constraint_name not in message:
        message += f" ({said.constraint_name!r})"
    if said.message_detail:
        message += f": {said.message_detail}"
    elif said.context and said.context.startswith("COPY"):
        message += f" ({said.context.splitlines()[0]})"
    message = " ".join(message.split())
    return message if len(message) <= _LONGEST else message[: _LONGEST - 1] + "…"
