"""Who sees which figures: exact ones inside and by permission; everybody else sees what may also leave the house."""

from handoff.accounts.errors import NotAllowedError
from handoff.accounts.viewer import Permission, Viewer


def may_see_exact(viewer: Viewer) -> bool:
    """Tell whether somebody sees exact numbers."""
    return viewer.may(Permission.READ_EXACT_FIGURES)


def answers_for_figures(viewer: Viewer) -> bool:
    """Tell whether somebody decides what leaves the house, and enters what was reached of the targets."""
    return viewer.may(Permission.EXPORT)


def check_answers_for_figures(viewer: Viewer) -> None:
    """Refuse whoever does not answer for the figures."""
    if not answers_for_figures(viewer):
        raise NotAllowedError(f"「{viewer.role_words}」の権限では、この操作はできません。窓口責任者にお願いしてください。")
