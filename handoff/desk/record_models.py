"""Tables of the record: intake form, 経過記録, corrections of what was read, and the window's own templates. Sealed; newest counts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from intake.base.sealing import Place
from intake.base.tables import Base, Utc, choice
from nlp.reading import Concern


class IntakeForm(Base):
    """相談受付・申込票 as somebody left it. Each save is a row; the newest counts."""

    __tablename__ = "intake_form"
    __table_args__ = (Index("ix_intake_form_talk", "conversation_id", "id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    sealed_items: Mapped[bytes]
    saved_at: Mapped[datetime] = mapped_column(Utc)

    def place(self) -> Place:
        """Where the sealed items stand."""
        return Place("intake_form", "sealed_items", self.municipality, self.id)


class CaseRecord(Base):
    """経過記録: one entry, facts apart from opinion. A public document: it is never changed, only followed by another."""

    __tablename__ = "case_record"
    __table_args__ = (Index("ix_case_record_talk", "conversation_id", "id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    client_uuid: Mapped[str] = mapped_column(String(36), unique=True)
    sealed_parts: Mapped[bytes]
    written_at: Mapped[datetime] = mapped_column(Utc)

    def place(self) -> Place:
        """Where the sealed parts stand."""
        return Place("case_record", "sealed_parts", self.municipality, self.id)


class CorrectionKind(StrEnum):
    """What staff say about a reading."""

    ADDED = "added"
    """It was there and not read."""
    REMOVED = "removed"
    """It was read and is not there."""


class TagCorrection(Base):
    """One click on what was read. The newest of a concern counts; no words of the resident are kept with it."""

    __tablename__ = "tag_correction"
    __table_args__ = (Index("ix_tag_correction_talk", "conversation_id", "id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    concern: Mapped[Concern] = mapped_column(choice(Concern, "concern_known"))
    kind: Mapped[CorrectionKind] = mapped_column(choice(CorrectionKind, "kind_known"))
    at: Mapped[datetime] = mapped_column(Utc)


class TemplateUse(StrEnum):
    """When a template is used."""

    FIRST = "first"
    """初回応答の型"""
    ENDING = "ending"
    """終わり方の型"""
    OTHER = "other"


class ReplyTemplate(Base):
    """A window's own sentence with variables, beside those that come with the project. ``window_id`` None: for all windows."""

    __tablename__ = "reply_template"
    __table_args__ = (Index("ix_reply_template_window", "municipality", "window_id"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    municipality: Mapped[str] = mapped_column(String(40))
    window_id: Mapped[str | None] = mapped_column(String(60))
    use: Mapped[TemplateUse] = mapped_column(choice(TemplateUse, "use_known"))
    title: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(String(2000))
    set_by: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    set_at: Mapped[datetime] = mapped_column(Utc)
    retired_at: Mapped[datetime | None] = mapped_column(Utc)
