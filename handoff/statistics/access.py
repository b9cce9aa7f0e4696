"""Who sees which figures: exact ones inside and by role; everybody else sees what may also leave the house."""

from handoff.accounts.errors import NotAllowedError
from handoff.accounts.models import Role
from handoff.accounts.viewer import Viewer


def may_see_exact(viewer: Viewer) -> bool:
    """Tell whether somebody sees exact numbers: whoever answers for the service."""
    return viewer.role is Role.SUPERVISOR


def check_may_answer_for_service(viewer: Viewer) -> None:
    """Refuse whoever does not answer for the service."""
    if not may_see_exact(viewer):
        raise NotAllowedError(f"「{viewer.role_words}」の権限では、この操作はできません。窓口責任者にお願いしてください。")
