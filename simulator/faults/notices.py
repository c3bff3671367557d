"""How change notifications misbehave."""

from __future__ import annotations

from simulator.faults.switches import Switch

SUBSCRIBING = (
    Switch(
        "notices.longest",
        "Longest life of a subscription, in minutes",
        "Microsoft's pages said 4230 (just under 3 days) for years; 10080 (7 days) is reported "
        "since. Whoever asks for more is refused.",
        kind="number",
        default=4230,
    ),
    Switch(
        "notices.duplicate_refused",
        "A second subscription for the same thing is refused",
        "Usually Microsoft accepts it and sends everything twice; at times it answers 409.",
    ),
    Switch(
        "notices.validation_fails",
        "Checks of healthy addresses that fail, in percent",
        "Microsoft at times says that an address did not answer in time although it did.",
        kind="number",
        default=0,
        quirks=(18,),
    ),
    Switch(
        "notices.renew_validates",
        "Renewing checks the address again",
        "Usually only a new subscription makes Microsoft call the address to see whether it "
        "answers; at times renewing does, too.",
        quirks=(18,),
    ),
    Switch(
        "notices.pauses",
        "Notifications stop when nobody reauthorizes",
        "Once the token behind a subscription has ended and its notice about that was not "
        "followed, changes are no longer notified until somebody renews or reauthorizes.",
        default=True,
    ),
)
ON_THE_WAY = (
    Switch(
        "notices.extra_updates",
        "Further notifications of an update after each change",
        "One creation ordinarily gives created and updated, one edit two or three of updated.",
        kind="number",
        default=1,
        quirks=(17,),
    ),
    Switch(
        "notices.created_last",
        "The news of a creation arrives after that of an update",
        "Notifications are not ordered: the news of a creation may come after that of an edit.",
    ),
    Switch(
        "notices.copies",
        "How often each notification arrives",
        "The same notification is sent again, word for word: 2 for doubled, 3 for tripled.",
        kind="number",
        default=1,
        quirks=(17,),
    ),
    Switch(
        "notices.lost",
        "Lose every n-th notification",
        "1 loses all of them, 2 every second one, 0 none; nobody is told.",
        kind="number",
        default=0,
    ),
    Switch(
        "notices.silent",
        "Silence",
        "Neither notifications nor notices about the subscription itself are sent, as in "
        "outages of an hour or more; what happened meanwhile is never told.",
        quirks=(19,),
    ),
    Switch(
        "notices.late",
        "Seconds until a notification is sent",
        "Microsoft takes seconds, now and then minutes; here they are sent at once unless "
        "this says otherwise.",
        kind="number",
        default=0,
    ),
    Switch(
        "notices.reordered",
        "Notifications arrive in reverse",
        "They are collected for five seconds and then sent with the latest change first.",
    ),
    Switch(
        "notices.burst",
        "Collect this many notifications, then send them all at once",
        "Each comes in a request of its own; what has waited for ten minutes is sent anyway.",
        kind="number",
        default=0,
    ),
    Switch(
        "notices.forged",
        "A forged notification beside each true one",
        "Anybody on the internet can call the address: with a wrong secret (client_state), or "
        "about a subscription that does not exist (subscription).",
        kind="choice",
        default="none",
        choices=("none", "client_state", "subscription"),
    ),
    Switch(
        "notices.health",
        "Slow addresses are punished",
        "An address that lets more than a tenth of the notifications of ten minutes time out gets "
        "them 10 seconds later; above 15 of 100 they are dropped for good.",
        default=True,
    ),
)
SWITCHES = SUBSCRIBING + ON_THE_WAY
