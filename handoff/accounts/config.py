"""What a deployment may decide about logins."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsConfig:
    """Limits of sessions and of failed logins."""

    idle: timedelta = timedelta(minutes=30)
    """A session ends after so long without an action of the person; the live stream is no action."""
    absolute: timedelta = timedelta(hours=12)
    """A session ends after so long in any case."""
    touch_every: timedelta = timedelta(minutes=1)
    """How exactly the last action is remembered; each memory is a write."""
    free_failures: int = 3
    """So many failed logins cost no wait."""
    longest_delay: timedelta = timedelta(seconds=30)
    """The wait doubles up to this and never becomes a lock."""
    failures_count_for: timedelta = timedelta(minutes=15)
    login_queue: timedelta = timedelta(seconds=5)
    """How long a login waits for its turn at the password check before it is asked to come again."""
    shortest_password: int = 10
    step: timedelta = timedelta(minutes=15)
    """A login waits so long for its second factor or for the registration of one."""
    step_failures: int = 5
    """After so many wrong answers a login begins anew, with the password."""
    lock_after: int = 10
    """So many wrong second factors within ``failures_count_for`` lock the account: whoever gives them knows the password."""
    lock: timedelta = timedelta(hours=1)
    invitation: timedelta = timedelta(days=3)
    """A link to a new account is good for so long."""
    reset: timedelta = timedelta(hours=24)
    """A link to a new password or a new second factor is good for so long."""
