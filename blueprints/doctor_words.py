"""What the tenant doctor found: by area, and as a letter to the Microsoft administrator."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from m365.identity import SCOPES, explain_kept
from portal import registrations
from portal.tables import Account, Registration

AREAS = (
    ("registration", "App registration", "Whether Microsoft knows this portal and its proof."),
    ("consent", "Consent and permissions", "What was wanted, what was granted, who waits."),
    ("people", "People and mailboxes", "Allowed domains, and mailboxes Microsoft does not open."),
    ("address", "Public address and notices", "Where people and Microsoft reach this portal."),
    ("log", "Audit log", "Whether anybody changed it past the portal."),
    ("clock", "Clock", "Microsoft refuses what comes from another time."),
)
WHO = {
    "administrator": "An administrator of Microsoft 365 ends it.",
    "operator": "Whoever runs this portal ends it.",
    "person": "The person ends it.",
}
WIDTH = 76
INTRODUCTION = (
    "{} runs a portal at {} that keeps meetings and Microsoft 365 calendars in step. It needs your "
    "help with the following:"
)
WHERE = (
    "Where: Microsoft Entra admin center > Enterprise applications > the app > Permissions > Grant "
    "admin consent. Secrets, certificates and the redirect address are under App registrations > "
    "the app."
)
Found = Mapping[str, Any]


def areas(findings: Sequence[Found]) -> list[dict[str, Any]]:
    """Only those that hold something, trouble first in each."""
    found = []
    for key, title, text in AREAS:
        mine = [one for one in findings if one.get("area") == key]
        mine.sort(key=lambda one: (one["ok"] is not False, one["ok"] is True))
        items = [{"ok": one["ok"], "title": one["name"], "text": said(one)} for one in mine]
        if items:
            wrong = sum(one["ok"] is False for one in mine)
            found.append({"title": title, "text": text, "items": items, "wrong": wrong})
    return found


def said(one: Found, *, in_letter: bool = False) -> str:
    """With what the code means, where the sentence is only about whom it concerns."""
    words = [one["sentence"]]
    if "kind" in one:
        why = explain_kept(one["kind"], one["code"])
        words += [why.what, why.why, why.todo, f"({one['code']})"]
    elif one["ok"] is False:
        code = one.get("code") or ""
        if code and code not in one["sentence"]:
            words.append(f"({code})")
        if not in_letter:
            words.append(WHO.get(one.get("who") or "", ""))
    return " ".join(filter(None, words))


def summary(findings: Sequence[Found]) -> tuple[str, str]:
    """A badge: its words and its kind."""
    wrong = sum(one["ok"] is False for one in findings)
    if not findings:
        return "Not looked yet", "info"
    if not wrong:
        return "All well", "ok"
    return ("1 problem" if wrong == 1 else f"{wrong} problems"), "danger"


def letter(findings: Sequence[Found], account: Account, kept: Registration | None) -> str:
    """Empty where nothing is the Microsoft administrator's to do."""
    todo = [one for one in findings if one["ok"] is False and _who(one) == "administrator"]
    if not todo:
        return ""
    lines = [
        "Hello,",
        "",
        INTRODUCTION.format(account.name, account.public_address),
        "",
    ]
    for number, one in enumerate(todo, start=1):
        lines += [f"{number}. {one['name']}", f"   {said(one, in_letter=True)}", ""]
    lines += ["The app in Microsoft Entra:", *_app(account, kept), ""]
    lines += ["Delegated permissions of Microsoft Graph that it may ask people for:", _scopes(), ""]
    lines += [
        WHERE,
        "",
        "Thank you.",
    ]
    return "\n".join(_wrapped(line) for line in lines)


def _wrapped(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _who(one: Found) -> str:
    if "kind" in one:
        return explain_kept(one["kind"], one["code"]).who
    return str(one.get("who") or "")


def _app(account: Account, kept: Registration | None) -> Iterable[str]:
    if kept is None:
        return ["   none is entered yet"]
    return [
        f"   Application (client) ID: {kept.client_id}",
        f"   Directory (tenant): {kept.tenant}",
        f"   Redirect address (Web): {registrations.redirect_address(account)}",
    ]


def _scopes() -> str:
    return "   " + ", ".join(scope.name for scope in SCOPES)
