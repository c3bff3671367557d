"""What administrators do about accounts, mailboxes and tokens."""

from __future__ import annotations

from typing import Any

from simulator.acting import Acting
from simulator.entra.grants import Grants
from simulator.entra.keys import KeyRing
from simulator.entra.sessions import Sessions
from simulator.faults.strikes import Faults, TokenFailure


class Accounts(Acting):
    """Acts on people and on what was handed out to them."""

    grants: Grants
    sessions: Sessions
    signing: KeyRing
    faults: Faults

    def revoke(self, who: str) -> None:
        """End all sessions: refresh tokens die with AADSTS50173, access tokens live on."""
        with self.lock:
            person = self.person(who).id
            self.grants.revoke(person)
            self.sessions.end_all(person)

    def disable(self, who: str) -> None:
        """Disable the account: AADSTS50057 at the next refresh."""
        with self.lock:
            self.person(who).enabled = False

    def enable(self, who: str) -> None:
        """Let the account in again."""
        with self.lock:
            self.person(who).enabled = True

    def expire_access_tokens(self, who: str) -> None:
        """Make the person's access tokens invalid at once; refresh tokens live on."""
        with self.lock:
            self.grants.drop_access(self.person(who).id)

    def take_mailbox(self, who: str) -> None:
        """Leave the person without a mailbox: MailboxNotEnabledForRESTAPI."""
        with self.lock:
            self.person(who).has_mailbox = False

    def roll_keys(self, *, keep_former: bool = True) -> None:
        """Sign with the next key from now on; the former one stays listed for a while."""
        with self.lock:
            self.signing.roll(keep_former=keep_former)

    def fail_next_token(self, number: int, *, times: int = 1) -> None:
        """Refuse the next token requests with an AADSTS number."""
        with self.lock:
            self.faults.token_failures.append(TokenFailure(number, times))

    def forge_next_id_token(self, **claims: Any) -> None:
        """Put wrong claims (iss, nonce, aud, tid …) into the next id_token."""
        with self.lock:
            self.faults.forged_claims.update(claims)
