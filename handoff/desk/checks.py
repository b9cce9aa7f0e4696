"""The fence, as pure judgements over what a row says and what a page had seen."""

from collections.abc import Mapping

from handoff.accounts.viewer import Viewer
from handoff.desk.errors import ClosedError, HeldError, NewerMessageError, StaleError, TextError
from intake.conversations.models import Author, Conversation, Message
from intake.dialogue.turn import Controller

MAX_REPLY = 5000
MAX_NOTE = 4000
"""Both as LINE and browsers count: in UTF-16 units, of which an emoji takes two."""


def check_open(conversation: Conversation) -> None:
    """Refuse to act on a talk that is over."""
    if conversation.closed_at is not None:
        raise ClosedError("この相談は終了しています。")


def check_not_held_by_other(conversation: Conversation, viewer: Viewer, names: Mapping[str, str]) -> None:
    """Refuse when somebody else holds the talk, and say who."""
    if conversation.controller is Controller.STAFF and conversation.owner != viewer.staff_id:
        holder = names.get(conversation.owner or "", "ほかの職員")
        raise HeldError(f"{holder}さんが対応中です。いまの操作は行いませんでした。", holder=holder)


def check_holder(conversation: Conversation, viewer: Viewer, names: Mapping[str, str]) -> None:
    """Refuse whoever does not hold the talk."""
    check_not_held_by_other(conversation, viewer, names)
    if conversation.controller is not Controller.STAFF:
        raise StaleError("あなたはこの相談を担当していません。先に「担当する」を押してください。")


def check_epoch(conversation: Conversation, epoch: int) -> None:
    """Refuse what was decided before the talk changed hands."""
    if conversation.epoch != epoch:
        raise StaleError("画面を開いたあとに、この相談の担当や状態が変わりました。内容を確かめて、もう一度操作してください。")


def is_news(message: Message, viewer: Viewer) -> bool:
    """Tell whether a message is one that the viewer must have seen before answering: the resident's or a colleague's."""
    return message.author is Author.RESIDENT or (message.author is Author.STAFF and message.staff_id != viewer.staff_id)


def check_nothing_newer(newer: Message | None) -> None:
    """Refuse when something was written that the page had not shown."""
    if newer is not None:
        raise NewerMessageError("新しいメッセージがあります。読んでから、もう一度送信してください（入力した文は残っています）。")


def utf16_units(text: str) -> int:
    """Return the length of a text as LINE counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def checked_text(text: str, limit: int) -> str:
    """Return a text fit to keep: neither empty nor longer than the limit, line ends as one character."""
    tidy = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if not tidy:
        raise TextError("文を入力してください。")
    units = utf16_units(tidy)
    if units > limit:
        raise TextError(f"長すぎます。{limit:,}文字までにしてください（いま{units:,}文字。絵文字は2文字以上に数えます）。")
    return tidy
