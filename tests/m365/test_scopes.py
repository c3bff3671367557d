"""Which permissions are asked for, and which are missing afterwards."""

import pytest

from m365.identity import SCOPES, Level, lacking, names, scopes_for

SIGN_IN = {"openid", "profile", "email", "User.Read"}


@pytest.mark.parametrize(
    ("calendar", "contacts", "more"),
    [
        ("off", "off", set()),
        ("read", "off", {"Calendars.Read"}),
        ("read_write", "off", {"Calendars.ReadWrite"}),
        ("read_write", "read", {"Calendars.ReadWrite", "Contacts.Read"}),
        ("off", "read_write", {"Contacts.ReadWrite"}),
    ],
)
def test_only_what_is_chosen_is_asked(calendar: Level, contacts: Level, more: set[str]) -> None:
    asked = set(names(scopes_for(calendar, contacts)))

    connection = {"offline_access", "MailboxSettings.Read"} if more else set()
    assert asked == SIGN_IN | connection | more


def test_suggestions_are_asked_for_only_with_a_connection() -> None:
    assert "User.ReadBasic.All" in names(scopes_for("read", suggestions=True))
    assert "User.ReadBasic.All" not in names(scopes_for(suggestions=True))


def test_mail_is_never_asked_for_and_everything_has_words() -> None:
    assert not any(scope.name.startswith("Mail.") for scope in SCOPES)
    assert all(scope.words for scope in SCOPES)


def test_what_was_not_granted_is_named() -> None:
    wanted = scopes_for("read_write", "read")

    missing = lacking({"user.read", "Calendars.Read", "Contacts.ReadWrite"}, wanted)

    assert names(missing) == ("MailboxSettings.Read", "Calendars.ReadWrite")


def test_writing_covers_reading() -> None:
    granted = {"User.Read", "MailboxSettings.Read", "calendars.readwrite"}

    assert lacking(granted, scopes_for("read")) == ()
