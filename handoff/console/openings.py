"""Which talks are open in which sessions, so that a page that refreshes itself is not recorded as looked at again and again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handoff.accounts.viewer import Viewer

_ONE_OPENING = timedelta(minutes=30)
_MOST = 10_000


@dataclass
class Openings:
    """Which sessions have which talks open, as far as this process knows."""

    _since: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def is_open(self, viewer: Viewer, talk_id: str, now: datetime) -> bool:
        """Tell whether this session has opened this talk not long ago."""
        since = self._since.get((viewer.token_hash, talk_id))
        return since is not None and now - since < _ONE_OPENING

    def note(self, viewer: Viewer, talk_id: str, now: datetime) -> None:
        """Remember an opening; the oldest are forgotten, which only means that they are recorded again."""
        self._since.pop((viewer.token_hash, talk_id), None)
        self._since[viewer.token_hash, talk_id] = now
        while len(self._since) > _MOST:
            del self._since[next(iter(self._since))]
