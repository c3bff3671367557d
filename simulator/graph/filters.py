"""`$filter`: a text of OData becomes a test of things.

Understood are comparisons (eq ne gt ge lt le, in), startswith, endswith, contains, any() over a
collection, and / or / not and parentheses. A malformed text is refused with 400 as Graph does;
a well-formed one that is not simulated with 501, naming itself.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from simulator.graph.things import Field, Holds, Test, Things
from simulator.refused import Refused, not_simulated

TOKENS = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')"
    r"|(?P<moment>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)"
    r"|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<word>[A-Za-z_@][\w./@]*)"
    r"|(?P<mark>[(),:])"
    r"|(?P<rest>\S))"
)
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq, "ne": operator.ne, "gt": operator.gt,
    "ge": operator.ge, "lt": operator.lt, "le": operator.le,
}  # fmt: skip
FUNCTIONS: dict[str, Callable[[str, str], bool]] = {
    "startswith": str.startswith, "endswith": str.endswith, "contains": str.__contains__,
}  # fmt: skip
LITERALS: dict[Holds, str] = {
    "text": "text", "exact": "text", "wall": "text",
    "moment": "moment", "number": "number", "flag": "flag",
}  # fmt: skip
EDM = {
    "text": "Edm.String", "moment": "Edm.DateTimeOffset",
    "number": "Edm.Int32", "flag": "Edm.Boolean",
}  # fmt: skip
WORDS: dict[str, tuple[str, Any]] = {
    "true": ("flag", True), "false": ("flag", False), "null": ("null", None),
}  # fmt: skip


class Token(NamedTuple):
    """A piece of the text; the last one is of kind `end`."""

    kind: str
    text: str
    at: int


def malformed(why: str) -> Refused:
    """Graph's 400 for a filter it cannot read."""
    return Refused(400, "BadRequest", f"Invalid filter clause: {why}")


def compiled(text: str, things: Things) -> Test:
    """The test that a `$filter` stands for."""
    reader = _Reader(text, things)
    test = reader.either()
    reader.end()
    return test


def seconds_of(text: str) -> int:
    """A moment as UTC seconds; one without an offset means UTC."""
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a name inside any() means: the fields of one member."""

    variable: str
    fields: Mapping[str, Field]


class _Reader:
    """Reads a filter from left to right, by descent."""

    def __init__(self, text: str, things: Things) -> None:
        self._things = things
        self._text = text
        self._tokens = [
            Token(found.lastgroup or "rest", found[found.lastgroup or 0], found.start())
            for found in TOKENS.finditer(text)
        ]
        self._tokens.append(Token("end", "", len(text)))
        self._at = 0
        self._scope: _Scope | None = None

    def either(self) -> Test:
        """One or more clauses joined by `or`."""
        tests = [self._both()]
        while self._took("or"):
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda thing: any(test(thing) for test in tests)

    def end(self) -> None:
        """Nothing may follow."""
        if self._now.kind != "end":
            raise self._wrong()

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def _wrong(self) -> Refused:
        return malformed(f"Syntax error at position {self._now.at} in '{self._text}'.")

    def _next(self, *kinds: str) -> Token:
        token = self._now
        if token.kind not in kinds:
            raise self._wrong()
        self._at += 1
        return token

    def _took(self, text: str) -> bool:
        if self._now.kind == "text" or self._now.text.lower() != text:
            return False
        self._at += 1
        return True

    def _need(self, text: str) -> None:
        if not self._took(text):
            raise self._wrong()

    def _both(self) -> Test:
        tests = [self._clause()]
        while self._took("and"):
            tests.append(self._clause())
        return tests[0] if len(tests) == 1 else lambda thing: all(test(thing) for test in tests)

    def _clause(self) -> Test:
        if self._took("not"):
            refused = self._clause()
            return lambda thing: not refused(thing)
        if self._took("("):
            inner = self.either()
            self._need(")")
            return inner
        name = self._next("word").text
        if self._took("("):
            return self._called(name)
        if self._took("in"):
            return self._one_of(self._field(name))
        return self._compared(self._field(name))

    def _field(self, path: str) -> Field:
        if self._scope is None:
            return self._things.field(path, "$filter")
        variable, _, rest = path.partition("/")
        if variable != self._scope.variable:
            raise malformed(f"'{path}' does not begin with '{self._scope.variable}'.")
        if rest not in self._scope.fields:
            raise not_simulated(f"$filter by {path} of {self._things.type}")
        return self._scope.fields[rest]

    def _called(self, name: str) -> Test:
        path, _, last = name.rpartition("/")
        if last in ("any", "all"):
            return self._any(path, last)
        if name.lower() not in FUNCTIONS:
            raise not_simulated(f"$filter with {name}() of {self._things.type}")
        return self._function(FUNCTIONS[name.lower()])

    def _function(self, holds: Callable[[str, str], bool]) -> Test:
        field = self._field(self._next("word").text)
        self._need(",")
        wanted = self._value(field)
        self._need(")")
        if field.holds not in ("text", "exact") or wanted is None:
            raise malformed("The function needs two texts.")
        read = _reading(field)

        def test(thing: Any) -> bool:
            value = read(thing)
            return value is not None and holds(value, wanted)

        return test

    def _any(self, path: str, last: str) -> Test:
        field = self._field(path)
        if last == "all" or field.holds != "members" or self._scope:
            raise not_simulated(f"$filter with {path}/{last}() of {self._things.type}")
        if self._took(")"):
            return lambda thing: bool(field.read(thing))
        self._scope = _Scope(self._next("word").text, field.members)
        self._need(":")
        test = self.either()
        self._need(")")
        self._scope = None
        return lambda thing: any(test(member) for member in field.read(thing) or ())

    def _compared(self, field: Field) -> Test:
        word = self._next("word").text.lower()
        if word not in COMPARISONS:
            self._at -= 1
            raise self._wrong()
        wanted, read, holds = self._value(field), _reading(field), COMPARISONS[word]
        if word in ("eq", "ne"):
            return lambda thing: holds(read(thing), wanted)
        if wanted is None:
            raise malformed("null has no order.")

        def test(thing: Any) -> bool:
            value = read(thing)
            return value is not None and holds(value, wanted)

        return test

    def _one_of(self, field: Field) -> Test:
        self._need("(")
        wanted = [self._value(field)]
        while self._took(","):
            wanted.append(self._value(field))
        self._need(")")
        read = _reading(field)
        return lambda thing: read(thing) in wanted

    def _value(self, field: Field) -> Any:
        kind, value = self._literal()
        if kind == "null":
            return None
        expected = LITERALS.get(field.holds)
        if kind != expected:
            left = EDM.get(expected or "", "Collection")
            raise malformed(
                "A binary operator with incompatible types was detected. "
                f"Found operand types '{left}' and '{EDM[kind]}'."
            )
        if field.holds == "wall":
            return _moment(value, seconds_of)
        return value.casefold() if field.holds == "text" else value

    def _literal(self) -> tuple[str, Any]:
        token = self._next("text", "moment", "number", "word")
        if token.kind == "text":
            return "text", token.text[1:-1].replace("''", "'")
        if token.kind == "number":
            return "number", float(token.text)
        if token.kind == "moment":
            return "moment", _moment(token.text, _aware)
        if token.text.lower() not in WORDS:
            self._at -= 1
            raise self._wrong()
        return WORDS[token.text.lower()]


def _reading(field: Field) -> Callable[[Any], Any]:
    if field.holds != "text":
        return field.read

    def folded(thing: Any) -> Any:
        value = field.read(thing)
        return None if value is None else value.casefold()

    return folded


def _aware(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None and "T" in text:
        raise ValueError("without an offset")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _moment(text: str, read: Callable[[str], Any]) -> Any:
    try:
        return read(text)
    except ValueError as problem:
        raise malformed(
            f"The DateTimeOffset text '{text}' should be in format "
            "'yyyy-mm-ddThh:mm:ss('.'s+)?(zzzzzz)?'."
        ) from problem
