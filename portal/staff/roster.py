"""Reading a list of people from a file that a spreadsheet or a hand wrote. Pure."""

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from portal.addresses import is_mail_address

LARGEST = 1024 * 1024  # bytes
MOST_ROWS = 5_000
DELIMITERS = (",", ";", "\t")
FORMULA = ("=", "+", "-", "@")
YES, NO = ("yes", "y", "true", "1", "x", "primary"), ("", "no", "n", "false", "0")
ADDRESS_HEADS = ("address", "e-mail address", "email address", "e-mail", "email", "mail")
PRIMARY_HEADS = ("primary", "primary group")
WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how the files of spreadsheet programs begin
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
NOT_TEXT = "This is not a text file. Save the list as CSV (UTF-8) and upload that."


class Unreadable(Exception):
    """Nothing can be taken from the file. The text is a sentence for the form."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the list. `problem`: why the row is wrong, as a sentence, or None."""

    line: int
    address: str
    primary: bool = False
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """`notes`: what somebody should know who did not expect it, as sentences."""

    rows: Sequence[Row]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Columns:
    address: int = 0
    primary: int | None = 1
    most: int | None = 2  # cells of a row; None: further columns have a name and are left out


def read(data: bytes) -> Sheet:
    """Columns: address, and primary if one likes; with or without a line of their names.

    Raises Unreadable.
    """
    if len(data) > LARGEST:
        raise Unreadable("The file is larger than 1 MB. Split the list and upload it in parts.")
    notes: list[str] = []
    lines = list(_lines(_decoded(data, notes)))
    columns, lines = _columns(lines, notes)
    if not lines:
        raise Unreadable("The file holds no addresses. Put one in each line.")
    if len(lines) > MOST_ROWS:
        raise Unreadable(
            f"The file has {len(lines):,} rows, and {MOST_ROWS:,} are the most. Split the list and "
            "upload it in parts."
        )
    return Sheet(list(_rows(lines, columns)), notes)


def _decoded(data: bytes, notes: list[str]) -> str:
    if data.startswith(WORKBOOK):
        raise Unreadable("This is a workbook. Save the sheet as CSV (UTF-8) and upload that.")
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = _in_old_code(data) if encoding == "utf-8" else ""
        if not text:
            raise Unreadable(NOT_TEXT) from None
        notes.append("The file is not in UTF-8; it was read as Windows-1252.")
    if any(unicodedata.category(sign) == "Cc" and sign not in "\t\r\n" for sign in text):
        raise Unreadable(NOT_TEXT)
    return text


def _in_old_code(data: bytes) -> str:
    """As spreadsheets in western Europe write it; empty where it is not that either."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return ""


def _encoding(data: bytes) -> str:
    """By its mark. Some programs write two bytes a letter and no mark: every other one is zero."""
    for mark, name in BOMS:
        if data.startswith(mark):
            return name
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = data[start:200:2]
        if half and half.count(0) == len(half):
            return name
    return "utf-8"


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The number of each line that is not empty, with its cells."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    at = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield at, [_tidy(cell) for cell in cells]
            at = reader.line_num + 1
    except csv.Error:
        raise Unreadable(
            f"Line {at} cannot be read: a quotation mark is open or stands in the wrong place."
        ) from None


def _tidy(cell: str) -> str:
    """Without what cannot be seen at its ends, and what spreadsheets put between."""
    return cell.replace("\u200b", "").replace("\ufeff", "").strip()


def _columns(
    lines: list[tuple[int, list[str]]], notes: list[str]
) -> tuple[_Columns, list[tuple[int, list[str]]]]:
    """The first line names the columns where one of its cells is called address."""
    heads = [cell.casefold() for cell in lines[0][1]] if lines else []
    address = next((at for at, head in enumerate(heads) if head in ADDRESS_HEADS), None)
    if address is None:
        return _Columns(), lines
    primary = next((at for at, head in enumerate(heads) if head in PRIMARY_HEADS), None)
    others = [cell for at, cell in enumerate(lines[0][1]) if at not in (address, primary) and cell]
    if others:
        named = ", ".join(f"“{one[:40]}”" for one in others[:5])
        notes.append(f"These columns were left out: {named}.")
    return _Columns(address, primary, None), lines[1:]


def _rows(lines: list[tuple[int, list[str]]], columns: _Columns) -> Iterator[Row]:
    seen: dict[str, int] = {}
    for at, cells in lines:
        address = _cell(cells, columns.address).lower()
        chosen = _cell(cells, columns.primary).lower()
        problem = _problem(address, chosen) or _surplus(cells, columns)
        if problem is None and address in seen:
            problem = f"It is in the file twice: line {seen[address]} has it already."
        seen.setdefault(address, at)
        yield Row(at, address[:254], chosen in YES, problem)


def _cell(cells: list[str], at: int | None) -> str:
    return cells[at] if at is not None and at < len(cells) else ""


def _problem(address: str, primary: str) -> str | None:
    if not address:
        return "There is no address."
    if address.startswith(FORMULA):
        return "It begins as a formula does. Put the address alone into the cell."
    if not is_mail_address(address):
        return "This is not an e-mail address."
    if primary not in (*YES, *NO):
        return f"Primary is “{primary[:20]}”; it has to be yes, no or empty."
    return None


def _surplus(cells: list[str], columns: _Columns) -> str | None:
    if columns.most is not None and any(cells[columns.most :]):
        return "There are more than two columns. Name them in the first line."
    return None
