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
