"""A table as a file for a spreadsheet: sent line by line, and with nothing a spreadsheet runs."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from flask import Response

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MARK = "\ufeff"  # without it the common spreadsheets take the file for an old code page

Cell = str | int | datetime | None


def answer(name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """`rows` are asked for while they are sent; whatever opens the database for them closes it."""
    file = Response(_lines(heads, rows), mimetype="text/csv")
    file.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return file


def cell(value: Cell) -> str:
    """As a spreadsheet shows it, and never as a formula: a name is what somebody typed."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(RUNS) else text


def _lines(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    yield MARK + _line(heads)
    yield from (_line([cell(value) for value in row]) for row in rows)


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
