"""One row in every table, as the tables themselves say it has to be: a new table is not forgotten.

What refers to a person refers to the one that is asked for.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, func, insert, select
from sqlalchemy import Table as Plain
from sqlalchemy.orm import Session

from portal.tables import Table
from tests.cast import MORNING

OWN = "people"
PLAIN: tuple[tuple[type, Any], ...] = (
    (bool, False),
    (int, 1),
    (str, "x"),
    (bytes, "x"),  # sealed on its way in
    (datetime, MORNING),
    (date, MORNING.date()),
)


def tables() -> list[Plain]:
    """Whatever is referred to comes before what refers to it."""
    return list(Table.metadata.sorted_tables)


def counts(db: Session) -> dict[str, int]:
    return {
        one.name: db.scalar(select(func.count()).select_from(one)) or 0
        for one in tables()
        if hangs_on_people(one)
    }


def hangs_on_people(table: Plain) -> bool:
    """Whether its rows are somebody's: they refer to a person, or to what does."""
    parents = [key.column.table for key in table.foreign_keys]
    others = [parent for parent in parents if parent is not table]
    return any(parent.name == OWN or hangs_on_people(parent) for parent in others)


def fill(db: Session, person_id: int) -> None:
    ids = {OWN: person_id}
    for table in tables():
        if table.name not in ids:
            made = db.execute(insert(table).values(_row(table, ids)))
            ids[table.name] = made.inserted_primary_key[0]


def _row(table: Plain, ids: dict[str, Any]) -> dict[str, Any]:
    return {
        column.name: value for column in table.columns if (value := _value(column, ids)) is not None
    }


def _value(column: Column[Any], ids: dict[str, Any]) -> Any:
    for key in column.foreign_keys:
        return ids.get(key.column.table.name)
    kind = getattr(column.type, "impl_instance", column.type).python_type
    if column.nullable or (column.primary_key and kind is int):
        return None
    return next((value for one, value in PLAIN if kind is one), [])
