"""Who may do what: one sorted list of permissions, each with the roles that have it. Nothing else decides by a role."""

from collections.abc import Mapping
from enum import StrEnum

from handoff.accounts.models import Role

ROLE_WORDS: dict[Role, str] = {
    Role.COUNSELLOR: "相談員",
    Role.RECEPTION: "受付当番",
    Role.SUPERVISOR: "スーパーバイザー",
    Role.MANAGER: "窓口責任者",
    Role.COORDINATOR: "コーディネーター",
    Role.STATISTICS: "管理者（統計）",
    Role.OPERATOR: "システム管理",
}


class Permission(StrEnum):
    """One thing that a role allows."""

    ANSWER = "answer"
    """Take talks and write to residents."""
    APPROVE_EXAMPLES = "approve_examples"
    """Decide which rewritten sentences are kept as examples for the reader, and take them out."""
    EXPORT = "export"
    """Decide what leaves the house, and enter figures that people keep. Files in which small numbers are hidden are every role's to make;
    exact ones ask for ``READ_EXACT_FIGURES``."""
    MANAGE_ALL_STAFF = "manage_all_staff"
    """Accounts of every window, and of every role."""
    MANAGE_ORGANISATIONS = "manage_organisations"
    """Which bodies work which windows for the city, who belongs to them, and the end of a contract."""
    MANAGE_STAFF = "manage_staff"
    """Accounts of the own windows."""
    OVERSEE = "oversee"
    """Answer for what is done in danger: confirm openings of the 緊急時情報提供票, see which 通告・通報 are late."""
    READ_AUDIT = "read_audit"
    """The record of who looked at what."""
    READ_EXACT_FIGURES = "read_exact_figures"
    """Figures without the small ones left out."""
    READ_TALKS = "read_talks"
    """The talks of the own windows."""
    READ_UNASSIGNED = "read_unassigned"
    """The talks that no window has yet."""
    TAKE_OVER = "take_over"
    """Take a talk out of somebody's hands, with a reason."""
    WATCH = "watch"
    """Watch a colleague's talk live and advise the colleague unseen by the resident."""


_COUNSELLOR, _RECEPTION, _COORDINATOR = Role.COUNSELLOR, Role.RECEPTION, Role.COORDINATOR
_SUPERVISOR, _MANAGER, _STATISTICS, _OPERATOR = Role.SUPERVISOR, Role.MANAGER, Role.STATISTICS, Role.OPERATOR

GRANTS: Mapping[Permission, frozenset[Role]] = {
    Permission.ANSWER: frozenset({_COUNSELLOR, _RECEPTION, _SUPERVISOR, _MANAGER, _COORDINATOR}),
    Permission.APPROVE_EXAMPLES: frozenset({_SUPERVISOR, _MANAGER}),
    Permission.EXPORT: frozenset({_MANAGER, _STATISTICS}),
    Permission.MANAGE_ALL_STAFF: frozenset({_OPERATOR}),
    Permission.MANAGE_ORGANISATIONS: frozenset({_OPERATOR}),
    Permission.MANAGE_STAFF: frozenset({_MANAGER, _OPERATOR}),
    Permission.OVERSEE: frozenset({_MANAGER}),
    Permission.READ_AUDIT: frozenset({_MANAGER}),
    Permission.READ_EXACT_FIGURES: frozenset({_SUPERVISOR, _MANAGER, _STATISTICS}),
    Permission.READ_TALKS: frozenset({_COUNSELLOR, _RECEPTION, _SUPERVISOR, _MANAGER, _COORDINATOR}),
    Permission.READ_UNASSIGNED: frozenset({_RECEPTION, _SUPERVISOR, _MANAGER, _COORDINATOR}),
    Permission.TAKE_OVER: frozenset({_SUPERVISOR, _MANAGER}),
    Permission.WATCH: frozenset({_SUPERVISOR, _MANAGER}),
}

GIVEN_BY_MANAGERS = frozenset({_COUNSELLOR, _RECEPTION, _SUPERVISOR, _COORDINATOR})
"""Roles that a 窓口責任者 may give. Their own and those above it are given by システム管理, so that nobody widens the own rights."""


def allows(role: Role, permission: Permission) -> bool:
    """Tell whether a role has a permission."""
    return role in GRANTS[permission]
