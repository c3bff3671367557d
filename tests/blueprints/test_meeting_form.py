"""What people enter in the form of a meeting, hostile and careless."""

import pytest
from wtforms.validators import ValidationError

from blueprints.meeting_form import invitees_in
from blueprints.repeat_form import FIELDS

GOOD = {"title": "Plan", "day": "2026-11-20", "start": "10:00", "end": "11:00", "zone": "UTC"}
REPEATING = GOOD | {
    "interval": "1", "weekdays": "friday", "day_of_month": "20", "index": "third",
    "weekday": "friday", "month": "11", "ends": "on", "until": "2027-03-01", "times": "3",
    "rule_day": "2026-11-20",
}  # fmt: skip
WORDS = ("title", "invitees", "location", "description", "key")
# Each is short enough for the form; read with care it takes no time, read carelessly it never ends.
ENDLESS = [" " * 39_000 + "y", '"' * 39_000, "< " * 19_000, ' "' * 19_000 + "<", ">" * 39_000]
UNSEEN = ["\x00", "a\x00b", "\x85", "\ud800", "\ufffe", "\u202e"]
HOSTILE = [
    "{{ 7*7 }}", "<script>alert(1)</script>",
    "../../etc/passwd", "0001-01-01", "9999-12-31", "24:00", "-1", "9" * 30, "x" * 100_000,
    "a\r\nBCC:eve@evil.example", "=cmd|' /C calc'!A0", "%s%n", "\U0001f600" * 200,
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("bob@contoso.example", {"bob@contoso.example": ""}),
        ("Bob B <Bob@Contoso.example>", {"bob@contoso.example": "Bob B"}),
        ('"Bob B" <bob@contoso.example> ', {"bob@contoso.example": "Bob B"}),
        (" <bob@contoso.example>;\n", {"bob@contoso.example": ""}),
        ("a@b.example, A <a@b.example>", {"a@b.example": ""}),
    ],
)
def test_addresses_come_with_and_without_names(text, people):
    assert invitees_in(text) == people


@pytest.mark.parametrize(
    "text",
    ["bob", "Bob <bob>", "Bob <b@c.example", "Bob b@c.example>", "<b@c.example> Bob",
     'B"ob <b@c.example>', "a@b..example", "<<b@c.example>>", *ENDLESS],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_what_is_no_address_is_named(text):
    with pytest.raises(ValidationError, match="is not an e-mail address"):
        invitees_in(f"good@contoso.example,{text}")


@pytest.mark.parametrize("field", sorted({*GOOD, "end_day", *WORDS}))
def test_nothing_one_can_enter_breaks_a_page(field, bob):
    """The browser checks every page on the way; here it matters that there is one."""
    for value in HOSTILE + UNSEEN * (field in WORDS):
        sent = {**GOOD, field: value.encode("utf-8", "surrogatepass")}
        page = bob.post("/meetings/new", sent)
        assert page.status in (200, 422), value[:40]
        if page.status == 200:
            assert bob.get(f"{page.path}/edit").status == 200
            assert bob.get(f"{page.path}.ics").status == 200


@pytest.mark.parametrize("field", [*FIELDS, "repeats", "ends", "rule_day"])
def test_nothing_one_can_enter_about_repeating_breaks_a_page(field, bob):
    kind = {"weekdays": "weekly", "day_of_month": "absoluteYearly"}.get(field, "relativeYearly")
    for value in [*HOSTILE, "31", "last"]:
        sent = {**REPEATING, "repeats": kind, field: value.encode("utf-8", "surrogatepass")}
        assert bob.post("/meetings/new", sent).status in (200, 422), value[:40]
        assert bob.post("/meetings/repeats", sent, htmx=True).status == 200


def test_a_line_break_begins_no_new_line_in_the_file(bob):
    broken = "x\r\nATTACH:file:///etc/passwd\nEND:VEVENT"

    page = bob.post("/meetings/new", {**GOOD, "title": broken, "description": broken})

    lines = bob.get(f"{page.path}.ics").body.split("\r\n")
    assert not [line for line in lines if line.startswith("ATTACH")]
    assert lines.count("END:VEVENT") == 1
