"""An iCalendar file as components and their lines, each with its number in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from icalendar.parser import Contentline

from simulator.ics.report import Report

MOST_BYTES = 20 * 1024 * 1024
VALUE = re.compile(r'^[^:"]*(?:"[^"]*"[^:"]*)*:(.*)$', re.DOTALL)
DEEPEST = 8
# Some write the display name of a zone, colon and all, without the quotes it needs.
BARE_ZONE = re.compile(r'^([^";:]+;TZID=)([^";]*:[^";]*)(:[\dTZ,]+)$')
ESCAPED = re.compile(r"\\([\\;,nN])")


class NotACalendar(Exception):
    """The file cannot be read at all; the text says where and why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Line:
    """One property: its name and parameters in capitals, its value as it is written."""

    number: int
    name: str
    params: dict[str, str]
    raw: str

    @property
    def text(self) -> str:
        """The value without its escapes."""
        return unescaped(self.raw)


def unescaped(raw: str) -> str:
    """A text value as it was meant."""
    return ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], raw)


@dataclass(slots=True)
class Component:
    """What stands between BEGIN and END."""

    name: str
    number: int
    lines: list[Line] = field(default_factory=list)
    children: list[Component] = field(default_factory=list)

    def all(self, name: str) -> list[Line]:
        """Every property of this name."""
        return [line for line in self.lines if line.name == name]

    def first(self, name: str) -> Line | None:
        """The first property of this name."""
        return next((line for line in self.lines if line.name == name), None)

    def word(self, name: str, default: str = "") -> str:
        """The value of a property that is one word, in capitals."""
        line = self.first(name)
        return line.raw.strip().upper() if line else default

    def ical(self) -> str:
        """The component as text again, for those who read it whole."""
        inner = [f"{_with_params(line)}:{line.raw}" for line in self.lines]
        inner += [child.ical() for child in self.children]
        return "\r\n".join([f"BEGIN:{self.name}", *inner, f"END:{self.name}"])


def _with_params(line: Line) -> str:
    return line.name + "".join(f';{name}="{value}"' for name, value in line.params.items())


def decoded(content: bytes, name: str) -> str:
    """The text of a file; refused when it is too large or in no Unicode encoding."""
    if len(content) > MOST_BYTES:
        raise NotACalendar(f"{name}: the file is larger than {MOST_BYTES // 1024**2} MB.")
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return content.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise NotACalendar(f"{name}:{line}: the file is not UTF-8; save it as UTF-8.") from problem


def calendars(text: str, report: Report) -> list[Component]:
    """The VCALENDARs of a file. A line that is no property is reported and left out."""
    root = Component("", 0)
    stack = [root]
    for number, line in _unfolded(text):
        name, _, value = line.partition(":")
        mark, kind = name.strip().upper(), value.strip().upper()
        if mark == "BEGIN":
            _open(stack, kind, number, report)
        elif mark == "END":
            if len(stack) == 1 or stack[-1].name != kind:
                raise NotACalendar(f"{report.name}:{number}: END:{kind} closes nothing.")
            stack[-2].children.append(stack.pop())
        elif len(stack) > 1:
            _add(stack[-1], number, line, report)
        else:
            break
    if len(stack) > 1:
        raise NotACalendar(f"{report.name}:{stack[-1].number}: {stack[-1].name} has no end.")
    found = [each for each in root.children if each.name == "VCALENDAR"]
    if not found:
        raise NotACalendar(f"{report.name}: this is no iCalendar file: it has no VCALENDAR.")
    return found


def _open(stack: list[Component], kind: str, number: int, report: Report) -> None:
    if len(stack) > DEEPEST:
        raise NotACalendar(f"{report.name}:{number}: components are nested too deeply.")
    stack.append(Component(kind, number))


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Whole lines with the numbers at which they begin; a line that is continued is indented."""
    first, parts = 0, list[str]()
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if line[:1] in (" ", "\t") and parts:
            parts.append(line[1:])
        elif line.strip():
            if parts:
                yield first, "".join(parts)
            first, parts = number, [line]
    if parts:
        yield first, "".join(parts)


def _add(component: Component, number: int, line: str, report: Report) -> None:
    line = BARE_ZONE.sub(r'\1"\2"\3', line)
    value = VALUE.match(line)
    try:
        name, params, _ = Contentline(line).parts()
    except ValueError:
        value = None
    if value is None:
        report.note(number, "This line is no property: it is left out.")
        return
    words = {key.upper(): _one(each) for key, each in params.items()}
    component.lines.append(Line(number, name.upper(), words, value[1]))


def _one(value: str | list[str]) -> str:
    return str(value if isinstance(value, str) else value[0])
