"""つなぎ: passing a talk to another window. The resident is told what would be passed on, and says yes or no, before the receiver sees it.

asked → (resident) agreed or refused → (receiver) accepted or declined with a reason. Until it is accepted the owner stays.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.desk.actions import give_hands, hands_changed, holder_names
from handoff.desk.checks import check_epoch, check_holder, check_open, checked_text
from handoff.desk.errors import HopError, TextError
from handoff.desk.hops import check_status, find_open_hop, step
from handoff.desk.phrases import Phrases, filled
from handoff.desk.reply import check_reachable
from handoff.desk.transfer_models import Hop, HopKind, HopStatus
from handoff.desk.visibility import hold_visible
from handoff.desk.words import PASS_WORDS, PassReason
from handoff.duty.models import RECEPTION
from handoff.duty.promise import Promiser
from handoff.practice.rows import check_real
from intake.base.database import WriteSession
from intake.base.errors import NotFoundError
from intake.base.ids import new_id
from intake.base.sealing import KeyRing, UnreadableError
from intake.consents.models import ConsentAnswer, ConsentQuestion
from intake.conversations.models import Author, Conversation
from intake.conversations.service import hold_conversation, read_state, say
from intake.dialogue.postback import consent_choice
from intake.dialogue.turn import Controller
from intake.facts.models import FactKind
from intake.facts.service import add_fact
from intake.wording.bubbles import Button, ButtonKind, CardBubble, TextBubble, Utterance
from intake.wording.keys import POSTBACK_VERSION

MAX_HANDOVER = 600
"""The resident reads it too; so it is short."""


async def ask_transfer(
    session: WriteSession,
    ring: KeyRing,
    viewer: Viewer,
    conversation_id: str,
    *,
    to_window: str,
    window_names: tuple[str, str],
    known_windows: Collection[str],
    note: str,
    epoch: int,
    phrases: Phrases,
    now: datetime,
) -> Hop:
    """Ask the resident whether the talk may be passed on, with the very words that would be. ``window_names``: from and to."""
    text = checked_text(note, MAX_HANDOVER)
    conversation = await hold_visible(session, viewer, conversation_id)
    check_open(conversation)
    check_holder(conversation, viewer, await holder_names(session, conversation))
    check_epoch(conversation, epoch)
    check_real(conversation)
    await check_reachable(session, conversation)
    if to_window not in known_windows or to_window == conversation.window_id:
        raise HopError("つなぐ先の窓口を、一覧から選んでください。")
    if await find_open_hop(session, conversation.id) is not None:
        raise HopError("この相談は、もうつなぎの途中です。先にいまの依頼を終えてください。")
    hop = _hop(ring, conversation, viewer, HopKind.TRANSFER, to_window, text, now)
    session.add(hop)
    await session.flush()
    step(session, ring, hop, HopStatus.ASKED, staff_id=viewer.staff_id, now=now)
    question = ConsentQuestion(
        id=new_id(now), municipality=conversation.municipality, conversation_id=conversation.id, subject=hop.id, asked_at=now
    )
    session.add(question)
    utterance = _question(phrases, question.id, window_names, text, viewer, silent=_must_be_silent(ring, conversation))
    say(session, ring, conversation, utterance, author=Author.STAFF, now=now, staff_id=viewer.staff_id)
    return hop


def _hop(ring: KeyRing, conversation: Conversation, viewer: Viewer, kind: HopKind, to_window: str, text: str, now: datetime) -> Hop:
    hop = Hop(
        id=new_id(now),
        municipality=conversation.municipality,
        conversation_id=conversation.id,
        kind=kind,
        from_window=conversation.window_id,
        to_window=to_window,
        from_staff=viewer.staff_id,
        opened_at=now,
    )
    hop.sealed_note = ring.seal(text, hop.place(), now)
    return hop


def _must_be_silent(ring: KeyRing, conversation: Conversation) -> bool:
    try:
        return read_state(ring, conversation).unsafe_contact
    except UnreadableError:
        return True


def _question(phrases: Phrases, question: str, names: tuple[str, str], text: str, viewer: Viewer, *, silent: bool) -> Utterance:
    buttons = tuple(
        Button(label=label, kind=ButtonKind.POSTBACK, value=POSTBACK_VERSION + consent_choice(question, agrees=agrees), say=label)
        for label, agrees in ((phrases.consent_yes, True), (phrases.consent_no, False))
    )
    lead = TextBubble(text=filled(phrases.consent_lead, {"window": names[0], "to": names[1]}))
    rows = (phrases.consent_what, *text.split("\n"), phrases.consent_kept)
    card = CardBubble(title=filled(phrases.consent_title, {"to": names[1]}), rows=rows, buttons=buttons, alt=phrases.consent_alt)
    return Utterance(bubbles=(lead, card), sender=viewer.display_name, silent=silent)


async def take_answer(session: WriteSession, conversation: Conversation, answer: str, *, now: datetime) -> None:
    """Take the resident's tap. An old question, one of another talk, or a second tap changes nothing."""
    word, _, number = answer.partition("-")
    question = await session.get(ConsentQuestion, number)
    if question is None or question.conversation_id != conversation.id or question.answer is not None:
        return
    hop = await find_open_hop(session, conversation.id)
    if hop is None or hop.id != question.subject or hop.status is not HopStatus.ASKED:
        return
    _answered(session, hop, question, ConsentAnswer(word), None, now)


def _answered(
    session: WriteSession, hop: Hop, question: ConsentQuestion, answer: ConsentAnswer, staff_id: str | None, now: datetime
) -> None:
    question.answer, question.answered_at, question.noted_by = answer, now, staff_id
    status = HopStatus.AGREED if answer is ConsentAnswer.YES else HopStatus.REFUSED
    step(session, None, hop, status, staff_id=staff_id, now=now)
    if status is HopStatus.REFUSED:
        to, unit = hop.to_window, hop.conversation_id
        add_fact(session, FactKind.DECLINED, municipality=hop.municipality, unit=unit, at=now, ref=hop.id, window_id=to, code="transfer")


async def note_answer(session: WriteSession, viewer: Viewer, conversation_id: str, answer: ConsentAnswer, *, now: datetime) -> Conversation:
    """Write down an answer that the resident gave in words. Who wrote it down is kept."""
    conversation = await hold_visible(session, viewer, conversation_id)
    check_holder(conversation, viewer, await holder_names(session, conversation))
    hop = check_status(await find_open_hop(session, conversation.id), HopStatus.ASKED)
    asked = select(ConsentQuestion).where(ConsentQuestion.subject == hop.id, ConsentQuestion.answer.is_(None))
    question = (await session.scalars(asked)).one()
    _answered(session, hop, question, answer, viewer.staff_id, now)
    return conversation


async def withdraw(session: WriteSession, ring: KeyRing, viewer: Viewer, conversation_id: str, *, now: datetime) -> Conversation:
    """Take the request back before the receiver has decided."""
    conversation = await hold_visible(session, viewer, conversation_id)
    check_holder(conversation, viewer, await holder_names(session, conversation))
    hop = check_status(await find_open_hop(session, conversation.id), HopStatus.ASKED, HopStatus.AGREED)
    step(session, ring, hop, HopStatus.WITHDRAWN, staff_id=viewer.staff_id, now=now)
    return conversation


async def _hold_for_receiver(session: WriteSession, viewer: Viewer, hop_id: str) -> tuple[Hop, Conversation]:
    """Return a request to one of the viewer's windows, with its talk held. For anybody else it does not exist."""
    check_permission(viewer, Permission.ANSWER)
    hop = await session.get(Hop, hop_id)
    if hop is None or hop.municipality != viewer.municipality or hop.to_window not in viewer.windows:
        raise NotFoundError("このつなぎの依頼は見つかりません。")
    conversation = await hold_conversation(session, viewer.municipality, hop.conversation_id)
    if conversation is None:
        raise NotFoundError("このつなぎの依頼は見つかりません。")
    await session.refresh(hop)
    return hop, conversation


async def accept(
    session: WriteSession, ring: KeyRing, viewer: Viewer, hop_id: str, *, now: datetime, promiser: Promiser | None = None
) -> Conversation:
    """Take a talk over from another window: it becomes the receiver's, with a new epoch, and the receiver owes the next word."""
    hop, conversation = await _hold_for_receiver(session, viewer, hop_id)
    check_status(hop, HopStatus.AGREED)
    check_open(conversation)
    conversation.window_id = hop.to_window
    step(session, ring, hop, HopStatus.ACCEPTED, staff_id=viewer.staff_id, now=now)
    await give_hands(session, conversation, viewer, now)
    conversation.waiting_since = conversation.waiting_since or now
    if promiser is not None:
        await promiser.promise_anew(session, conversation, now=now)
    _moved(session, hop, "transfer", now)
    return conversation


def _why(reason: PassReason, note: str) -> str:
    """Return the words that are kept of a reason: those of the list, and what was written beside them."""
    if reason is PassReason.OTHER and not note.strip():
        raise TextError("「その他」を選んだときは、理由を書いてください。")
    return f"{PASS_WORDS[reason]}：{checked_text(note, MAX_HANDOVER)}" if note.strip() else PASS_WORDS[reason]


async def decline(
    session: WriteSession, ring: KeyRing, viewer: Viewer, hop_id: str, *, reason: PassReason, note: str = "", now: datetime
) -> Hop:
    """Decline with a reason, which is counted, and a note, which is not. The owner stays as before."""
    text = _why(reason, note)
    hop, _ = await _hold_for_receiver(session, viewer, hop_id)
    check_status(hop, HopStatus.AGREED)
    step(session, ring, hop, HopStatus.DECLINED, staff_id=viewer.staff_id, reason=text, now=now)
    _moved(session, hop, "declined", now, reason)
    return hop


async def hand_back(
    session: WriteSession,
    ring: KeyRing,
    viewer: Viewer,
    conversation_id: str,
    *,
    epoch: int,
    reason: PassReason,
    note: str = "",
    now: datetime,
    promiser: Promiser | None = None,
) -> Conversation:
    """つなぎもどし: give a talk back to the window, or the reception, that it came from, with a reason.

    Whoever had it knew it before; nobody is asked again. It owes the next answer, by the time that ``promiser`` tells the
    resident. The reason is counted, ``note`` is only read.
    """
    text = _why(reason, note)
    conversation = await hold_visible(session, viewer, conversation_id)
    check_open(conversation)
    check_holder(conversation, viewer, await holder_names(session, conversation))
    check_epoch(conversation, epoch)
    before = await _came_by(session, conversation)
    hop = _hop(ring, conversation, viewer, HopKind.HAND_BACK, before.from_window or RECEPTION, text, now)
    session.add(hop)
    await session.flush()
    conversation.window_id = before.from_window
    conversation.controller, conversation.owner = Controller.WAITING, None
    conversation.epoch += 1
    conversation.waiting_since = conversation.waiting_since or now
    step(session, ring, hop, HopStatus.ACCEPTED, staff_id=viewer.staff_id, reason=text, now=now)
    hands_changed(session, conversation, viewer, now)
    if promiser is not None:
        await promiser.promise_anew(session, conversation, now=now)
    _moved(session, hop, "hand_back", now, reason)
    return conversation


async def _came_by(session: WriteSession, conversation: Conversation) -> Hop:
    """Return the hop that brought a talk to where it is. Raises :class:`HopError` when there is none, or another one is under way."""
    came = (Hop.conversation_id == conversation.id, Hop.status == HopStatus.ACCEPTED, Hop.to_window == conversation.window_id)
    before = await session.scalar(select(Hop).where(*came).order_by(Hop.id.desc()).limit(1))
    if before is None:
        raise HopError("この相談は、ほかの窓口からつながれたものではないため、もどす先がありません。")
    if await find_open_hop(session, conversation.id) is not None:
        raise HopError("この相談は、もうつなぎの途中です。先にいまの依頼を終えてください。")
    return before


def _moved(session: WriteSession, hop: Hop, code: str, now: datetime, why: PassReason | None = None) -> None:
    add_fact(
        session,
        FactKind.MOVED,
        municipality=hop.municipality,
        unit=hop.conversation_id,
        at=now,
        ref=hop.id,
        window_id=None if hop.to_window == RECEPTION else hop.to_window,
        code=code,
        details=None if why is None else {"why": why.value},
    )
