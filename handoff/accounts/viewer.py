"""Who looks at the console, and what that person may do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handoff.accounts.errors import NotAllowedError
from handoff.accounts.models import Role


class Permission(StrEnum):
    """One thing that a role allows."""

    READ_TALKS = "read_talks"
    READ_UNASSIGNED = "read_unassigned"
    ANSWER = "answer"
    TAKE_OVER = "take_over"


_ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.COUNSELLOR: frozenset({Permission.READ_TALKS, Permission.ANSWER}),
    Role.RECEPTION: frozenset({Permission.READ_TALKS, Permission.READ_UNASSIGNED, Permission.ANSWER}),
    Role.SUPERVISOR: frozenset(Permission),
    Role.OPERATOR: frozenset(),
}

ROLE_WORDS: dict[Role, str] = {
    Role.COUNSELLOR: "相談員",
    Role.RECEPTION: "受付当番",
    Role.SUPERVISOR: "窓口責任者",
    Role.OPERATOR: "システム管理",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A member of staff in a live session, as the rights are now."""

    staff_id: str
    municipality: str
    display_name: str
    role: Role
    windows: frozenset[str]
    demo: bool = False
    single_keys: bool = True
    token_hash: str = ""
    csrf_token: str = ""
    seen_at: datetime | None = None

    def may(self, permission: Permission) -> bool:
        """Tell whether the role allows something."""
        return permission in _ALLOWED[self.role]

    @property
    def role_words(self) -> str:
        """The role as the field calls it."""
        return ROLE_WORDS[self.role]


def check_permission(viewer: Viewer, permission: Permission) -> None:
    """Refuse what the role does not allow."""
    if not viewer.may(permission):
        raise NotAllowedError(f"「{viewer.role_words}」の権限では、この操作はできません。")
