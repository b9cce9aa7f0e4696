"""All tables in one place, for Alembic and for the tests that compare them."""

import handoff.accounts.factor_models
import handoff.accounts.models
import handoff.alarms.models
import handoff.audit.models
import handoff.desk.models
import handoff.desk.outreach_models
import handoff.desk.record_models
import handoff.desk.transfer_models
import handoff.desk.work_models
import handoff.duty.models
import handoff.emergency.models
import handoff.examples.models
import handoff.practice.models
import handoff.report_abuse.models
import handoff.statistics.models
import handoff.supervision.models
import intake.attachments.models
import intake.base.canary
import intake.checkins.models
import intake.consents.models
import intake.conversations.models
import intake.events.models
import intake.facts.models
import intake.inbox.models
import intake.outbox.models
import intake.referrals.models
import intake.residents.models
from intake.base.tables import Base

__all__ = ["MODULES", "metadata"]

MODULES = (
    handoff.accounts.factor_models,
    handoff.accounts.models,
    handoff.alarms.models,
    handoff.audit.models,
    handoff.desk.models,
    handoff.desk.outreach_models,
    handoff.desk.record_models,
    handoff.desk.transfer_models,
    handoff.desk.work_models,
    handoff.duty.models,
    handoff.emergency.models,
    handoff.examples.models,
    handoff.practice.models,
    handoff.report_abuse.models,
    handoff.statistics.models,
    handoff.supervision.models,
    intake.attachments.models,
    intake.base.canary,
    intake.checkins.models,
    intake.consents.models,
    intake.conversations.models,
    intake.events.models,
    intake.facts.models,
    intake.inbox.models,
    intake.outbox.models,
    intake.referrals.models,
    intake.residents.models,
)
metadata = Base.metadata
