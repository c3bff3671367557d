"""What can be done with one setting on a page of settings, and where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portal.configuration.choices import CHOICES
from portal.policy import ACCOUNT, GROUP, InForce


@dataclass(frozen=True, slots=True)
class Act:
    """`title` and `words` are given the setting's label; `fits`: where it can be done at all."""

    title: str
    words: str
    button: str
    done: str
    fits: Callable[[InForce, bool], bool]  # what holds, and whether a group is asked about
    danger: bool = False
    asks_why: bool = False

    @property
    def link(self) -> str:
        """What leads to it from the setting's row."""
        return self.button.replace("Keep it", "Keep for this group")


def _is_switch(one: InForce) -> bool:
    return one.key == "enabled"


def _may_lock(one: InForce, for_group: bool) -> bool:
    choice = CHOICES[one.key]
    return choice.personal if for_group else not choice.account_only


def _locked_here(one: InForce, for_group: bool) -> bool:
    return one.locked_in == (GROUP if for_group else ACCOUNT)


ACTS: Mapping[str, Act] = {
    "enable": Act(
        "Enable the integration?",
        "People can then connect their own Microsoft 365 calendar from their profile. Microsoft "
        "asks each person first; nobody's calendar is read without their consent.",
        "Enable",
        "The integration is on: people can connect their calendars from their profile.",
        lambda one, _group: _is_switch(one) and not one.value,
    ),
    "disable": Act(
        "Disable the integration?",
        "Nobody can connect a calendar until you enable it again. Nothing is deleted, here or in "
        "Outlook.",
        "Disable",
        "The integration is off. Nothing was deleted, here or in Outlook.",
        lambda one, _group: _is_switch(one) and bool(one.value),
        danger=True,
    ),
    "lock": Act(
        "Lock “{label}”?",
        "Nobody below can choose otherwise, and what was chosen there has no effect while it is "
        "locked. The reason is shown wherever it is locked.",
        "Lock",
        "Locked.",
        lambda one, group: _may_lock(one, group) and one.locked_in is None,
        asks_why=True,
    ),
    "unlock": Act(
        "Unlock “{label}”?",
        "What groups and people had chosen for themselves counts again. The reason is kept in the "
        "audit log.",
        "Unlock",
        "Unlocked.",
        _locked_here,
        asks_why=True,
    ),
    "inherit": Act(
        "Inherit “{label}” again?",
        "The group gives up its own choice, with a lock on it, and follows the account from now "
        "on.",
        "Inherit again",
        "The group follows the account again.",
        lambda one, group: group and one.origin == GROUP,
    ),
    "keep": Act(
        "Keep “{label}” for this group?",
        "The value stays as it is now for this group, whatever is chosen for the account later.",
        "Keep it",
        "Kept for this group.",
        lambda one, group: group and one.origin != GROUP,
    ),
}


def acts_for(one: InForce, *, for_group: bool) -> list[str]:
    """Those that fit what holds; none where it is locked above."""
    if for_group and one.locked_in == ACCOUNT:
        return []
    return [name for name, act in ACTS.items() if act.fits(one, for_group)]
