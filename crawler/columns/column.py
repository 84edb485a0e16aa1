"""One column of a Parquet table: name, type, and the value of each row."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from attrs import frozen

Kind = Literal["text", "number", "short", "long", "time", "yes", "texts", "bytes"]
Value = Callable[[Mapping[str, Any]], Any]


@frozen
class Column:
    """One column."""

    name: str
    kind: Kind
    value: Value
    """Of a row as the index has it: times are texts."""
    about: str


def text(name: str, about: str, *, of: str | None = None) -> Column:
    """A column of text.

    Args:
        of: Name of the value in the row, if it is another.
    """
    return Column(name, "text", value(of or name), about)


def value(name: str) -> Value:
    """The value of that name in a row."""
    return lambda row: row[name]


def time(name: str, about: str, *, of: str | None = None) -> Column:
    """A column of times; as `text`."""
    return Column(name, "time", lambda row: _moment(row[of or name]), about)


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def texts(name: str, about: str) -> Column:
    """A column of lists of texts, which the row has as JSON."""
    return Column(name, "texts", lambda row: json.loads(row[name]) if row[name] else [], about)


def schema_of(pyarrow: Any, columns: Sequence[Column], about: Mapping[str, str] | None = None) -> Any:
    """Make the schema of a table, each column with its description.

    Args:
        about: Metadata of the table.
    """
    types = types_of(pyarrow)
    fields = [pyarrow.field(column.name, types[column.kind], metadata={"about": column.about}) for column in columns]
    return pyarrow.schema(fields, metadata=dict(about) if about else None)


def types_of(pyarrow: Any) -> dict[str, Any]:
    """Types of pyarrow by our words."""
    return {
        "text": pyarrow.string(), "number": pyarrow.int32(), "short": pyarrow.int16(), "long": pyarrow.int64(),
        "time": pyarrow.timestamp("us", tz="UTC"), "yes": pyarrow.bool_(), "texts": pyarrow.list_(pyarrow.string()),
        "bytes": pyarrow.binary(),
    }  # fmt: skip
