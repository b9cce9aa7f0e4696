"""Who looks at the console, and what that person may do."""

from dataclasses import dataclass
from datetime import datetime

from handoff.accounts.errors import NotAllowedError
from handoff.accounts.models import Role
from handoff.accounts.permissions import ROLE_WORDS, Permission, allows

__all__ = ["ROLE_WORDS", "Permission", "Viewer", "check_permission"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A member of staff in a live session, as the rights are now."""

    staff_id: str
    municipality: str
    display_name: str
    role: Role
    windows: frozenset[str]
    login: str = ""
    session_id: str = ""
    demo: bool = False
    single_keys: bool = True
    token_hash: str = ""
    csrf_token: str = ""
    seen_at: datetime | None = None

    def may(self, permission: Permission) -> bool:
        """Tell whether the role allows something."""
        return allows(self.role, permission)

    @property
    def role_words(self) -> str:
        """The role as the field calls it."""
        return ROLE_WORDS[self.role]


def check_permission(viewer: Viewer, permission: Permission) -> None:
    """Refuse what the role does not allow."""
    if not viewer.may(permission):
        raise NotAllowedError(f"「{viewer.role_words}」の権限では、この操作はできません。")
