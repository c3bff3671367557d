"""How a meeting repeats, as a form asks it, and what is wrong with what was entered."""

from calendar import month_name, monthrange
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints import series_words
from blueprints.when_form import refuse
from portal import recurrence
from portal.recurrence import CannotRepeat

NEVER, ON, AFTER = "never", "on", "after"
KINDS = {
    "": "Does not repeat",
    recurrence.DAILY: "Daily",
    recurrence.WEEKLY: "Weekly",
    recurrence.MONTHLY: "Monthly, on a day of the month",
    recurrence.MONTHLY_BY_WEEKDAY: "Monthly, on a weekday",
    recurrence.YEARLY: "Yearly, on a date",
    recurrence.YEARLY_BY_WEEKDAY: "Yearly, on a weekday",
}
INDEXES = {name: name for name in recurrence.INDEXES}
WEEKDAYS = {name: name.capitalize() for name in recurrence.WEEKDAYS}
WEEKDAYS_AND_SETS = WEEKDAYS | {" ".join(one): said for one, said in series_words.SETS.items()}
MONTHS = {number: month_name[number] for number in range(1, 13)}
ENDS = {NEVER: "Never", ON: "On a date", AFTER: "After …"}
USUAL_TIMES = 10
_ASKED = {
    recurrence.WEEKLY: {"weekdays"},
    recurrence.MONTHLY: {"day_of_month"},
    recurrence.MONTHLY_BY_WEEKDAY: {"index", "weekday"},
    recurrence.YEARLY: {"day_of_month", "month"},
    recurrence.YEARLY_BY_WEEKDAY: {"index", "weekday", "month"},
}
_ENDS_ASKED = {ON: {"until"}, AFTER: {"times"}}
FIELDS = ("interval", "weekdays", "day_of_month", "index", "weekday", "month", "until", "times")


class RepeatForm(FlaskForm):
    """Asks for everything at once; what the chosen way of repeating does not need is not read.

    `rule_day`: the date that the fields were filled for, when nobody has touched them since.
    """

    rule_day = HiddenField()
    repeats = SelectField("Repeats", choices=KINDS, default="")
    interval = IntegerField("Every", validators=[Optional()])
    weekdays = SelectMultipleField(
        "On", choices=WEEKDAYS, widget=ListWidget(), option_widget=CheckboxInput()
    )
    day_of_month = IntegerField("On day", validators=[Optional()])
    index = SelectField("On the", choices=INDEXES, default=recurrence.INDEXES[0])
    weekday = SelectField("Weekday", choices=WEEKDAYS_AND_SETS, default=recurrence.WEEKDAYS[0])
    month = SelectField("Month", choices=MONTHS, coerce=int, default=1)
    ends = RadioField("Ends", choices=ENDS, default=NEVER)
    until = DateField("Last day", validators=[Optional()])
    times = IntegerField("How many times", validators=[Optional()])

    def offer(self, held: dict[str, Any] | None) -> None:
        """The rule it has so far can be kept, though it says what nobody would choose here."""
        self.held = held
        days = " ".join((held or {}).get("pattern", {}).get("daysOfWeek", ()))
        if days and days not in WEEKDAYS_AND_SETS:
            said = series_words.weekdays(days.split(), " or ")
            self.weekday.choices = WEEKDAYS_AND_SETS | {days: said}

    def forget_unasked(self) -> None:
        """What the chosen way does not ask for may hold anything."""
        asked = {"interval"} | _ASKED.get(self.repeats.data, set())
        asked |= _ENDS_ASKED.get(self.ends.data, set())
        for name in (*FIELDS, "ends") if not self.repeats.data else set(FIELDS) - asked:
            self[name].errors = []

    def rule(self, first: date) -> dict[str, Any] | None:
        """What was entered, beginning with the first day that fits on or after `first`; None when
        something is wrong, which is then said at its field.
        """
        pattern, span = self._pattern(), self._span(first)
        if pattern is None or span is None:
            return None
        try:
            whole = recurrence.normalised({"pattern": pattern, "range": span})
            begins = recurrence.first_day(whole)
        except CannotRepeat:
            refuse(self.until, "Until then it never takes place.")
            return None
        return recurrence.remaining_from(whole, begins)

    def _pattern(self) -> dict[str, Any] | None:
        asked = _ASKED.get(self.repeats.data, set())
        _judge_number(self.interval, 1, recurrence.LONGEST_INTERVAL)
        if "weekdays" in asked and not self.weekdays.data:
            self.weekdays.errors = ["Tick at least one weekday."]
        if "day_of_month" in asked:
            self._judge_day(by_month="month" in asked)
        if any(self[name].errors for name in asked | {"interval"}):
            return None
        days = (self.weekday.data or "").split()
        return {
            "type": self.repeats.data,
            "interval": self.interval.data,
            "daysOfWeek": self.weekdays.data if "weekdays" in asked else days,
            "firstDayOfWeek": self._first_day_of_week(),
            "dayOfMonth": self.day_of_month.data,
            "index": self.index.data,
            "month": self.month.data,
        }

    def _judge_day(self, *, by_month: bool) -> None:
        month: int = (self.month.data or 0) if by_month else 0
        known = 1 <= month <= 12
        most = monthrange(2000, month)[1] if known else 31
        whose = month_name[month] if known else "A month"
        _judge_number(self.day_of_month, 1, most, f"{whose} has days from 1 to {most}.")

    def _first_day_of_week(self) -> str:
        """Every second week, say, depends on it; a series keeps the one that it has."""
        pattern = (getattr(self, "held", None) or {}).get("pattern", {})
        return str(pattern.get("firstDayOfWeek", recurrence.WEEKDAYS[0]))

    def _span(self, first: date) -> dict[str, Any] | None:
        starts = {"startDate": first.isoformat()}
        if self.ends.data == ON:
            if self.until.errors:
                return None
            if self.until.data is None:
                refuse(self.until, "Say on which day it ends.")
                return None
            if self.until.data < first:
                refuse(self.until, "The last day must not come before the first.")
                return None
            return starts | {"type": "endDate", "endDate": self.until.data.isoformat()}
        if self.ends.data == AFTER:
            _judge_number(self.times, 1, recurrence.MOST_TIMES)
            if self.times.errors:
                return None
            return starts | {"type": "numbered", "numberOfOccurrences": self.times.data}
        return starts | {"type": "noEnd"}

    def follow(self, day: date) -> None:
        """The date was changed: what was filled in from the former one follows it."""
        try:
            former = date.fromisoformat(self.rule_day.data or "")
        except ValueError:
            return
        old, new = _of_day(former), _of_day(day)
        for names in (("weekdays",), ("day_of_month",), ("month",), ("index", "weekday")):
            if all(self[name].data == old[name] for name in names):
                for name in names:
                    self[name].data, self[name].raw_data = new[name], None
        self.rule_day.data = day.isoformat()


def fields_of(repeats: dict[str, Any] | None, day: date) -> dict[str, Any]:
    """The fields of a rule; what it does not say is as it would be for that day."""
    found = _of_day(day) | {"rule_day": day.isoformat(), "repeats": "", "interval": 1}
    found |= {"ends": NEVER, "times": USUAL_TIMES, "until": None}
    if repeats is None:
        return found
    pattern, span = repeats["pattern"], repeats["range"]
    found |= {"repeats": pattern["type"], "interval": pattern["interval"]}
    found |= {"month": pattern.get("month", found["month"])}
    found |= {"day_of_month": pattern.get("dayOfMonth", found["day_of_month"])}
    if "index" in pattern:
        found |= {"index": pattern["index"], "weekday": " ".join(pattern["daysOfWeek"])}
    elif "daysOfWeek" in pattern:
        found["weekdays"] = pattern["daysOfWeek"]
    if "endDate" in span:
        found |= {"ends": ON, "until": date.fromisoformat(span["endDate"])}
    if "numberOfOccurrences" in span:
        found |= {"ends": AFTER, "times": span["numberOfOccurrences"]}
    return found


def _of_day(day: date) -> dict[str, Any]:
    weekday = recurrence.WEEKDAYS[day.weekday()]
    return {
        "weekdays": [weekday],
        "day_of_month": day.day,
        "index": recurrence.INDEXES[(day.day - 1) // 7],
        "weekday": weekday,
        "month": day.month,
    }


def _judge_number(field: IntegerField, least: int, most: int, sentence: str = "") -> None:
    """One sentence, also for what is no number at all."""
    if field.errors or field.data is None or not least <= field.data <= most:
        field.errors = [sentence or f"Say a number from {least} to {most}."]
