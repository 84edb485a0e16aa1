"""Triggers by which a view is written like the table that it stands for."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def write_through(view: str, names: Sequence[str], change: Callable[[str], str] = lambda name: f"{name} = NEW.{name}") -> tuple[str, ...]:
    """SQL: update, insert and delete of rows of a view `x` in table `stored_x`.

    Args:
        names: Columns of both.
        change: SQL that sets a column of the table as the view was told.
    """
    table = f"stored_{view}"
    return (
        f"""
CREATE TRIGGER {view}_update INSTEAD OF UPDATE ON {view} BEGIN
    UPDATE {table} SET {", ".join(map(change, names))} WHERE id = OLD.id;
END""",
        f"""
CREATE TRIGGER {view}_insert INSTEAD OF INSERT ON {view} BEGIN
    INSERT INTO {table} ({", ".join(names)}) VALUES ({", ".join(f"NEW.{name}" for name in names)});
END""",
        f"CREATE TRIGGER {view}_delete INSTEAD OF DELETE ON {view} BEGIN DELETE FROM {table} WHERE id = OLD.id; END",
    )
