"""The numbered errors of Entra ID, and their words for people."""

import pytest

from m365 import errors
from m365.aadsts import BY_NUMBER, FAMILIES, consent_error, from_entra
from m365.explain import explain

# Every number of Microsoft's list that a web app of this kind can meet.
LISTED = """
16000 50011 50020 50034 50053 50055 50144 50057 50058 50059 90002 90019 50072 50074 50076 50078
50079 50089 50105 50126 50131 53000 53001 53002 53003 530032 530035 50132 50133 50158 50173 50194
50196 501481 50147 501491 54005 65001 65004 65005 650052 650056 650057 70000 70001 70002 7000215
7000222 7000218 700025 700027 50012 700024 7000112 70008 700082 700084 70043 700016 700011 700005
70011 700023 700022 28002 28003 70016 70018 70019 90013 90014 900144 9002313 90033 90006 90024
50033 50087 90012 90055 90093 90094 90095 700054
"""


@pytest.mark.parametrize("number", [int(number) for number in LISTED.split()])
def test_every_number_has_a_meaning_and_words(number: int) -> None:
    error = from_entra("whatever", number, status=400)

    words = explain(error)

    assert error.code == f"AADSTS{number}"
    assert words.who in {"person", "administrator", "nobody"}
    assert all(text.endswith(".") for text in (words.what, words.why, words.todo))


def test_no_number_stands_in_two_families() -> None:
    assert sum(len(family.numbers) for family in FAMILIES) == len(BY_NUMBER)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (16000, errors.WrongAccount),
        (50011, errors.Misconfigured),
        (50057, errors.NeedsConsent),
        (50076, errors.NeedsConsent),
        (50105, errors.AdminApprovalNeeded),
        (50173, errors.NeedsConsent),
        (50196, errors.Throttled),
        (53003, errors.NeedsConsent),
        (54005, errors.StartAgain),
        (65001, errors.NeedsConsent),
        (65004, errors.ConsentDeclined),
        (700016, errors.Misconfigured),
        (7000215, errors.Misconfigured),
        (7000222, errors.Misconfigured),
        (90002, errors.Misconfigured),
        (90014, errors.Refused),
        (90033, errors.Later),
        (90055, errors.Throttled),
        (90094, errors.AdminApprovalNeeded),
    ],
)
def test_a_number_decides_who_can_end_it(number: int, kind: type[errors.MicrosoftError]) -> None:
    assert type(from_entra("invalid_grant", number)) is kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("invalid_grant", errors.NeedsConsent),
        ("interaction_required", errors.NeedsConsent),
        ("invalid_client", errors.Misconfigured),
        ("temporarily_unavailable", errors.Later),
        ("access_denied", errors.ConsentDeclined),
        ("brand_new", errors.Refused),
        (None, errors.Refused),
    ],
)
def test_an_unknown_number_is_judged_by_its_error(
    error: str | None, kind: type[errors.MicrosoftError]
) -> None:
    assert type(from_entra(error, 123456789)) is kind


def test_declining_on_microsofts_page_comes_back_as_declined() -> None:
    said = "AADSTS65004: User declined to consent to access the app. Trace ID: 1-2"

    assert isinstance(consent_error("access_denied", said), errors.ConsentDeclined)


def test_a_needed_approval_comes_back_as_such() -> None:
    said = "AADSTS90094: The grant requires admin permission."

    assert isinstance(consent_error("access_denied", said), errors.AdminApprovalNeeded)


@pytest.mark.parametrize("forged", ["<script>", "A" * 100_000, "AADSTS", "\ud800", None])
def test_a_forged_callback_leaves_no_text_behind(forged: str | None) -> None:
    error = consent_error(forged, forged)

    assert len(error.code) < 100
    assert "<" not in str(error)


def test_a_step_up_carries_its_claims_to_the_next_sign_in() -> None:
    error = from_entra("interaction_required", 50076, claims='{"access_token":{}}')

    assert isinstance(error, errors.NeedsConsent)
    assert error.claims == '{"access_token":{}}'


@pytest.mark.parametrize(
    "kind",
    [
        errors.Throttled,
        errors.Unreachable,
        errors.Gone,
        errors.NoMailbox,
        errors.Forbidden,
        errors.BadProof,
        errors.MicrosoftError,
    ],
)
def test_every_kind_of_error_has_words(kind: type[errors.MicrosoftError]) -> None:
    words = explain(kind("x"))

    assert words.what
    assert words.why
    assert words.todo
