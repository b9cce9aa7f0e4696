"""Where somebody begins: the first page that the role may see."""

from handoff.accounts.viewer import Permission, Viewer

_FIRST = (
    (Permission.READ_TALKS, "/"),
    (Permission.MANAGE_STAFF, "/staff"),
    (Permission.READ_EXACT_FIGURES, "/statistics"),
)


def home_of(viewer: Viewer) -> str:
    """Return the path of somebody's first page."""
    return next((path for permission, path in _FIRST if viewer.may(permission)), "/account")
