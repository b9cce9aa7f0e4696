"""What one contact leaves to the next: only what keeps the person safe and understood, never what was told."""

from intake.dialogue.turn import TalkState


def next_contact(last: TalkState) -> TalkState:
    """Return the state in which a new contact begins after an old one has ended."""
    return TalkState(
        child_writer=last.child_writer,
        unsafe_contact=last.unsafe_contact,
        own_violence=last.own_violence,
        plain_kana=last.plain_kana,
    )
