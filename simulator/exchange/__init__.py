"""What Exchange does beyond one mailbox: invitations, answers, and the mails that carry them."""

from simulator.exchange.answers import Answer, answer_event
from simulator.exchange.events import (
    cancel_event,
    change_event,
    create_event,
    delete_event,
    erase_event,
)
from simulator.exchange.forward import forward_event
from simulator.exchange.mails import Mail
from simulator.exchange.meeting import is_organizer
from simulator.exchange.reminders import dismiss_reminder, snooze_reminder

__all__ = [
    "Answer",
    "Mail",
    "answer_event",
    "cancel_event",
    "change_event",
    "create_event",
    "delete_event",
    "dismiss_reminder",
    "erase_event",
    "forward_event",
    "is_organizer",
    "snooze_reminder",
]
