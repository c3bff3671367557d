"""What application permissions come to, in words: refusals, findings, people without a mailbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from m365.identity import (
    SCOPES,
    AdminApprovalNeeded,
    ConsentDeclined,
    Later,
    MicrosoftError,
    explain,
)
from portal import application_access, enrolments

AGAIN = "Nothing was authorised. Begin again from here."
WAYS = {
    application_access.NONE: (
        "Not narrowed: every mailbox of the organisation",
        "The portal still connects only the people of this portal.",
    ),
    application_access.POLICY: (
        "Application access policy",
        "Admin consent stays, and Exchange lets the portal into the mailboxes of one group only.",
    ),
    application_access.RBAC: (
        "RBAC for Applications",
        "No consent for every mailbox: Exchange itself grants the portal those of one group.",
    ),
}
CACHES = "Microsoft keeps such decisions for 30 minutes to 2 hours; probe again after that."
_SEEN_BY = {
    "User.Read.All": "Looked up the account of this address.",
    "Calendars.Read": "Read its list of calendars.",
    "Calendars.ReadWrite": "Asked to change an event that does not exist: who may write is told "
    "that it is not there, who may not is refused. Nothing is written.",
    "MailboxSettings.Read": "Read its time zone.",
}


@dataclass(frozen=True, slots=True)
class Unwell:
    """Why somebody is not connected, and what to do about it."""

    what: str
    todo: str


_UNWELL = {
    enrolments.OUTSIDE: Unwell(
        "An address of theirs lies outside the domains that are allowed.",
        "Allow the domain under Integrations, or leave it so.",
    ),
    enrolments.NOT_FOUND: Unwell(
        "No account at Microsoft has this address as its sign-in name or its mail address.",
        "Correct the address here under People, or at Microsoft.",
    ),
    enrolments.AMBIGUOUS: Unwell(
        "Two accounts at Microsoft fit: one signs in by this address, another gets its mail.",
        "Make the address belong to one account at Microsoft.",
    ),
    enrolments.NO_MAILBOX: Unwell(
        "The account has no mailbox that can be opened.",
        "Give it an Exchange Online licence, or wait until its mailbox is ready.",
    ),
    enrolments.REFUSED: Unwell(
        "Exchange does not let the portal into this mailbox.",
        "Add it to the group that the portal is narrowed to, or leave it so. " + CACHES,
    ),
    enrolments.TAKEN: Unwell(
        "Another person of this portal is connected to this mailbox.",
        "Disconnect the other person, or correct one of the two addresses.",
    ),
    enrolments.OTHER_ACCOUNT: Unwell(
        "They connected another Microsoft account by themselves, and it is not replaced unasked.",
        "Replace it: the calendars and the ties of meetings to events then begin anew. Nothing is "
        "deleted in Outlook.",
    ),
}


def unwell_words(outcome: str, code: str | None) -> Unwell:
    """The reason in words; a failure of Microsoft's has its code."""
    if outcome != enrolments.FAILED:
        return _UNWELL[outcome]
    if code and code.casefold() == "authorization_requestdenied":
        return Unwell(
            "The portal may not look up accounts.",
            "Add the application permission User.Read.All at Microsoft, and authorise again.",
        )
    return Unwell(
        f"Microsoft did not answer the question ({code or 'no answer'}).",
        "The portal asks again by itself. If it stays so, probe the permissions.",
    )


def refusal_words(error: MicrosoftError) -> str:
    """What came of the way to Microsoft instead of an authorisation."""
    if isinstance(error, ConsentDeclined) or error.code == "permission_denied":
        return f"The permissions were not accepted on Microsoft's page ({error.code}). {AGAIN}"
    if isinstance(error, AdminApprovalNeeded):
        return (
            f"Microsoft lets only an administrator of the organisation decide this ({error.code}). "
            "Nothing was authorised. Let one of them sign in on Microsoft's page."
        )
    words = explain(error)
    todo = "Begin again in a few minutes." if isinstance(error, Later) else words.todo
    return f"{words.what} {words.why} ({error.code}) Nothing was authorised. {todo}"


def finding_words(one: Mapping[str, Any], *, outsider: str) -> dict[str, Any]:
    """One finding of a probe as the list shows it."""
    code = f" ({one['code']})" if one.get("code") else ""
    if one["name"] == "outsider":
        said = {
            True: "Refused, as it must be.",
            False: "It was let in, though it must be refused.",
            None: "Could not be told.",
        }[one["ok"]]
        return {"ok": one["ok"], "title": f"{outsider} must be refused", "text": said + code}
    means = next((scope.of_the_app for scope in SCOPES if scope.name == one["name"]), "")
    said = {True: "Allowed.", False: "Refused.", None: "Could not be told."}[one["ok"]]
    title = f"{one['name']}: {means}"
    return {"ok": one["ok"], "title": title, "text": f"{said}{code} {_SEEN_BY[one['name']]}"}
