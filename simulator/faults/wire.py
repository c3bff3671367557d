"""What happens to requests on their way, whatever they ask for."""

from __future__ import annotations

from simulator.faults.switches import Switch

LOST_STORE = "The specified store ID provided isn't an ID of an item."
NO_TOKEN = "Lifetime validation failed, the token is expired."  # noqa: S105 - an error's text
# What the service says out of the blue, by the position of `wire.refuse`: text of the answer.
REFUSALS = {
    "429 ApplicationThrottled": "Application is over its RequestBudget limit.",
    "429 TooManyRequests": "Too many requests.",
    "429 activityLimitReached": "The app or user has been throttled.",
    "429 ErrorExceededConnectionCount": "You have exceeded the available concurrent connections.",
    "500 ErrorInternalServerError": "An internal server error occurred. The operation failed.",
    "500 ErrorInternalServerTransientError": "An internal server error occurred. Try again later.",
    "500 generalException": "General exception while processing.",
    "502 BadGateway": "The server received an invalid response from an upstream server.",
    "503 serviceNotAvailable": "The service is temporarily unavailable.",
    "503 ErrorServerBusy": "The server cannot service this request right now. Try again later.",
    "503 ErrorMailboxStoreUnavailable": "The mailbox database is temporarily unavailable.",
    "503 ErrorMailboxMoveInProgress": "Mailbox move in progress. Try again later.",
    "504 GatewayTimeout": "The server did not receive a timely response from upstream.",
    "504 UnknownError": "",
    "509 BandwidthLimitExceeded": "The app has been throttled for exceeding the bandwidth cap.",
    "401 InvalidAuthenticationToken": NO_TOKEN,
}


def _number(
    key: str, default: int, title: str, explains: str, quirks: tuple[int, ...] = ()
) -> Switch:
    return Switch(f"wire.{key}", title, explains, "number", default, quirks=quirks)


def _choice(key: str, choices: tuple[str, ...], title: str, explains: str, *quirks: int) -> Switch:
    """The first choice is what the service usually does."""
    return Switch(f"wire.{key}", title, explains, "choice", choices[0], choices, quirks)


def _flag(key: str, title: str, explains: str, *quirks: int) -> Switch:
    return Switch(f"wire.{key}", title, explains, quirks=quirks)


LIMITS = (
    _number(
        "concurrency", 4, "Calls at the same time",
        "So many calls of one application may be under way in a mailbox; one more is answered "
        "429. 0 means any number.", (20,),
    ),
    _choice(
        "concurrency_scope", ("mailbox", "app"), "Calls at the same time are counted for",
        "Microsoft's pages disagree: each application in each mailbox, or each application over "
        "all mailboxes.", 20,
    ),
    _choice(
        "concurrency_answer", ("429", "403"), "Too many calls at the same time get",
        "Under a burst some saw 403 with an odd text about a store, not 429: access is not lost.",
    ),
    _number(
        "requests", 10_000, "Calls in ten minutes",
        "So many calls of one application are answered in a mailbox; further ones get 429 until "
        "the ten minutes are over. 0 means any number.",
    ),
    _number(
        "upload_mb", 150, "Megabytes written in five minutes",
        "So much may one application send to a mailbox. 0 means any amount.",
    ),
    _number(
        "directory_units", 0, "Resource units of the directory in ten seconds",
        "A search for people costs units. 0 stands for what Microsoft grants: 3,500, 5,000 or "
        "8,000 by the number of people in the tenant.",
    ),
    _choice(
        "retry_after", ("seconds", "missing", "fraction", "date", "iso_date", "one"),
        "A throttled call is told to wait by",
        "The Retry-After header of 429 and 503: whole seconds, no header, a fraction of seconds, "
        "a date of HTTP, a date of ISO 8601, or 1 whatever is true.",
    ),
)  # fmt: skip

REFUSING = (
    _choice(
        "refuse", ("no", *REFUSALS), "Calls are refused with",
        "The service has a bad moment: with a number of times a burst, without one an outage.", 7,
    ),
    _choice(
        "refusal_body", ("json", "html", "empty"), "The body of such a refusal is",
        "Gateways in front of the service answer in HTML, or with nothing at all.",
    ),
    _number(
        "unauthorized_every", 0, "Every so many-th call gets 401",
        "A token that is good is refused now and then. 0 means never.",
    ),
)  # fmt: skip

TRAVEL = (
    _number(
        "latency", 0, "Milliseconds a call takes longer",
        "Comes on top of the delay for everybody, and may differ by mailbox.",
    ),
    _number(
        "slow_body", 0, "Milliseconds between two pieces of a body",
        "The head of an answer comes at once, its body in pieces of 16 bytes. 0 means at once.",
    ),
    _choice(
        "drop", ("no", "before", "after", "middle"), "The connection breaks",
        "Before the effect, after it with no answer, or in the middle of the answer's body. The "
        "caller cannot tell the first two apart.",
    ),
    _flag(
        "no_request_id", "Answers come without a request-id",
        "Proxies on the way strip headers that one likes to log.",
    ),
    _choice(
        "malformed",
        ("no", "truncated", "content_type", "huge", "deep", "nan", "wrong_types", "unknown_members",
         "lone_surrogates", "year_0001", "year_9999", "negative_duration", "many_attendees"),
        "Answers are damaged",
        "JSON that ends too early or is declared as text, 64 MB of padding, ten thousand nested "
        "lists; or events with values nobody expects.", 28,
    ),
)  # fmt: skip

BATCHES = (
    _flag(
        "batch_overflow", "A batch runs into the limit of its mailbox",
        "Of the calls in a batch that do not wait for each other, only the first four for a "
        "mailbox succeed; the others get 429.", 20,
    ),
    _choice(
        "batch_order", ("as_asked", "shuffled"), "The answers of a batch come",
        "Microsoft promises no order.",
    ),
)  # fmt: skip

SWITCHES: tuple[Switch, ...] = (*LIMITS, *REFUSING, *TRAVEL, *BATCHES)
