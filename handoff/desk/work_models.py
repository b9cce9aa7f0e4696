"""Tables of daily work: what is put off, tagged, kept for later, looked at again, and passed on between shifts."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.sealing import Place
from intake.base.tables import Base, Utc, choice


class HeldReply(Base):
    """An answer in its first seconds, in which it can be taken back; with what the answer changed, so that it can be changed back."""

    __tablename__ = "held_reply"

    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    epoch: Mapped[int]
    release_at: Mapped[datetime] = mapped_column(Utc)
    waiting_since: Mapped[datetime | None] = mapped_column(Utc)
    promised_by: Mapped[datetime | None] = mapped_column(Utc)
    first_answer: Mapped[bool]


class Draft(Base):
    """What a person has begun to write to a resident. Kept on the server, so that no browser can lose it."""

    __tablename__ = "draft"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    sealed_text: Mapped[bytes]
    saved_at: Mapped[datetime] = mapped_column(Utc)

    def place(self) -> Place:
        """Where the sealed draft stands."""
        return Place("draft", "sealed_text", self.municipality, f"{self.conversation_id}.{self.staff_id}")


class Snooze(Base):
    """A talk that is put off for a while: it comes back by itself, and at once when the resident writes."""

    __tablename__ = "snooze"
    __table_args__ = (Index("ix_snooze_until", "municipality", "until"),)

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    until: Mapped[datetime] = mapped_column(Utc)
    set_at: Mapped[datetime] = mapped_column(Utc)


class TalkTag(Base):
    """A word of the office on a talk, e.g. 「訪問予定」. Nothing that the resident sees."""

    __tablename__ = "talk_tag"
    __table_args__ = (Index("ix_talk_tag_word", "municipality", "word"),)

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    word: Mapped[str] = mapped_column(String(20), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    set_at: Mapped[datetime] = mapped_column(Utc)


class SavedView(Base):
    """A choice of filters under a name, of one person."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("staff_id", "name"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str] = mapped_column(String(20))
    query: Mapped[str] = mapped_column(String(300))
    saved_at: Mapped[datetime] = mapped_column(Utc)


class AnswerMode(StrEnum):
    """How a window answers."""

    LIVE = "live"
    TIMES = "times"
    """At fixed times of the day, between other duties."""


class WindowRule(Base):
    """How a window works: live or at fixed times, and how many talks one person holds at most."""

    __tablename__ = "window_rule"
    __table_args__ = (
        CheckConstraint("cap > 0", name="cap_positive"),
        CheckConstraint("escalate_minutes > 0", name="escalate_minutes_positive"),
    )

    municipality: Mapped[str] = mapped_column(String(40), primary_key=True)
    window_id: Mapped[str] = mapped_column(String(60), primary_key=True)
    mode: Mapped[AnswerMode] = mapped_column(choice(AnswerMode, "mode_known"), default=AnswerMode.LIVE)
    times: Mapped[str] = mapped_column(String(40), default="")
    """Japanese hours joined by ``;``, e.g. ``10:00;15:00``."""
    cap: Mapped[int | None]
    escalate_minutes: Mapped[int | None]
    """After so many minutes without anybody opening an emergency the next person is called; None is the usual time."""
    set_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    set_at: Mapped[datetime] = mapped_column(Utc)


class Mention(Base):
    """A colleague who is named in a note."""

    __tablename__ = "mention"
    __table_args__ = (Index("ix_mention_unread", "staff_id", "read_at"),)

    note_id: Mapped[str] = mapped_column(ForeignKey("note.id"), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    read_at: Mapped[datetime | None] = mapped_column(Utc)


class FollowUp(Base):
    """The next planned contact with a resident (伴走)."""

    __tablename__ = "follow_up"
    __table_args__ = (Index("ix_follow_up_due", "municipality", "done_at", "due_on"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    due_on: Mapped[date] = mapped_column(Date)
    sealed_plan: Mapped[bytes]
    set_at: Mapped[datetime] = mapped_column(Utc)
    done_at: Mapped[datetime | None] = mapped_column(Utc)
    done_by: Mapped[str | None] = mapped_column(String(26))

    def place(self) -> Place:
        """Where the sealed plan stands."""
        return Place("follow_up", "sealed_plan", self.municipality, self.id)


class ShiftNote(Base):
    """申し送り: what a window's next shift must know."""

    __tablename__ = "shift_note"
    __table_args__ = (Index("ix_shift_note_window", "municipality", "window_id", "written_at"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    window_id: Mapped[str] = mapped_column(String(60))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    sealed_text: Mapped[bytes]
    written_at: Mapped[datetime] = mapped_column(Utc)
    settled_at: Mapped[datetime | None] = mapped_column(Utc)
    settled_by: Mapped[str | None] = mapped_column(String(26))

    def place(self) -> Place:
        """Where the sealed note stands."""
        return Place("shift_note", "sealed_text", self.municipality, self.id)
