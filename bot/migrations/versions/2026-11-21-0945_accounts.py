"""Accounts and audit: roles, organisations, second factors, invitations, the record of who looked at what.

Revision: 0004; after: 0003.
"""

import sqlalchemy as sa
from alembic import op

from intake.base import tables

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ROLES_BEFORE = ("counsellor", "reception", "supervisor", "operator")
_ROLES = ("counsellor", "reception", "supervisor", "manager", "coordinator", "statistics", "operator")


def _known(values: tuple[str, ...]) -> str:
    return f"role IN ({', '.join(repr(value) for value in values)})"


def _change_roles(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Let ``staff.role`` take other values.

    SQLite cannot change a CHECK, and a table that others point at cannot be made anew while foreign keys are on; its manual
    ("Making Other Kinds Of Table Schema Changes") gives this way for a change that touches no row.
    """
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_staff_role_known"), "staff", type_="check")
        op.create_check_constraint(op.f("ck_staff_role_known"), "staff", _known(after))
        return
    bind = op.get_bind()
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    bind.execute(
        sa.text("UPDATE sqlite_schema SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = 'staff'"),
        {"before": _known(before), "after": _known(after)},
    )
    bind.exec_driver_sql(f"PRAGMA schema_version = {int(version) + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = OFF")
    made = bind.exec_driver_sql("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = 'staff'").scalar_one()
    if _known(after) not in made:
        message = "the CHECK of staff.role is not as it was written"
        raise RuntimeError(message)


def _sessions(*, with_names: bool) -> None:
    """Make the table of sessions anew. All of them end: none had shown a second factor."""
    op.drop_table("staff_session")
    named = [
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("agent", sa.String(length=40), nullable=False),
        sa.UniqueConstraint("id", name=op.f("uq_staff_session_id")),
    ]
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        *(named if with_names else []),
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", tables.Utc(), nullable=False),
        sa.Column("seen_at", tables.Utc(), nullable=False),
        sa.Column("revoked_at", tables.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_session")),
    )
    op.create_index(op.f("ix_staff_session_staff_id"), "staff_session", ["staff_id"], unique=False)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _accounts() -> None:
    op.add_column("staff", sa.Column("enrolled_at", tables.Utc(), nullable=True))
    op.add_column("staff", sa.Column("locked_until", tables.Utc(), nullable=True))
    op.create_table(
        "organisation",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kind", _choice("kind_known", "city", "entrusted"), nullable=False),
        sa.Column("created_at", tables.Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("municipality", "name", name=op.f("uq_organisation_municipality_name")),
    )
    op.create_table(
        "staff_organisation",
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("organisation_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_organisation_staff_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_staff_organisation_organisation_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_organisation")),
    )
    _sessions(with_names=True)


def _factors() -> None:
    op.create_table(
        "second_factor",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("kind", _choice("kind_known", "totp", "passkey"), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.String(length=400), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("created_at", tables.Utc(), nullable=False),
        sa.Column("used_at", tables.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_second_factor_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_second_factor_credential_id")),
    )
    op.create_index(op.f("ix_second_factor_staff_id"), "second_factor", ["staff_id"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("code_hash", sa.String(length=32), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("used_at", tables.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_recovery_code_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "code_hash", name=op.f("pk_recovery_code")),
    )


def _ways_in() -> None:
    op.create_table(
        "login_step",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("kind", _choice("kind_known", "second", "enrol", "add"), nullable=False),
        sa.Column("challenge", sa.String(length=100), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("expires_at", tables.Utc(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_login_step_staff_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_login_step")),
    )
    op.create_index(op.f("ix_login_step_staff_id"), "login_step", ["staff_id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=26), nullable=False),
        sa.Column("kind", _choice("kind_known", "account", "password", "factor"), nullable=False),
        sa.Column("made_by", sa.String(length=26), nullable=True),
        sa.Column("created_at", tables.Utc(), nullable=False),
        sa.Column("expires_at", tables.Utc(), nullable=False),
        sa.Column("used_at", tables.Utc(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_invitation_staff_id")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_invitation_made_by")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitation")),
    )
    op.create_index("ix_invitation_staff", "invitation", ["staff_id"], unique=False)


_ACTIONS = (
    "talk_viewed",
    "talk_refused",
    "searched",
    "exported",
    "logged_in",
    "logged_out",
    "login_refused",
    "locked",
    "unlocked",
    "staff_added",
    "staff_invited",
    "invitation_used",
    "rights_changed",
    "staff_closed",
    "staff_reopened",
    "talks_handed_on",
    "factor_added",
    "factor_removed",
    "factors_reset",
    "codes_renewed",
    "code_used",
    "password_changed",
    "session_ended",
)


def _audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", tables.Utc(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("action", _choice("action_known", *_ACTIONS), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("details", sa.String(length=300), nullable=False),
        sa.Column("chain", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("municipality", "seq", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["municipality", "at"], unique=False)
    op.create_index("ix_audit_entry_actor", "audit_entry", ["municipality", "actor"], unique=False)
    op.create_index("ix_audit_entry_subject", "audit_entry", ["municipality", "subject"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("municipality", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("municipality", name=op.f("pk_audit_head")),
    )


def _only_append() -> None:
    """Have the database itself refuse to change or delete an entry."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_entry_no_{verb.lower()} BEFORE {verb} ON audit_entry "
                "BEGIN SELECT RAISE(ABORT, 'audit entries are only appended'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_entry_only_append() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit entries are only appended'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_only_append BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_only_append()"
    )


def upgrade() -> None:
    _change_roles(_ROLES_BEFORE, _ROLES)
    # What was called supervisor until now was the 窓口責任者; the スーパーバイザー is new.
    op.execute("UPDATE staff SET role = 'manager' WHERE role = 'supervisor'")
    _accounts()
    _factors()
    _ways_in()
    _audit()
    _only_append()


def downgrade() -> None:
    op.drop_table("audit_head")
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_entry_only_append()")
    for table in ("invitation", "login_step", "recovery_code", "second_factor", "staff_organisation", "organisation"):
        op.drop_table(table)
    _sessions(with_names=False)
    op.drop_column("staff", "locked_until")
    op.drop_column("staff", "enrolled_at")
    op.execute("UPDATE staff SET role = 'supervisor' WHERE role = 'manager'")
    op.execute("UPDATE staff SET role = 'operator' WHERE role IN ('coordinator', 'statistics')")
    _change_roles(_ROLES, _ROLES_BEFORE)
