"""The chain of looks and purposes; the store itself refuses to change or remove rows of the chain."""

import sqlalchemy as sa
from alembic import op

from huitian.engine import columns

revision = "0004"
down_revision = "0003"

FUNCTION = "huitian_append_only"
IS_FILLING = "EXISTS (SELECT 1 FROM store_mark WHERE mark = 'half_made')"
SAME = {"audit_row": "seq = NEW.seq", "audit_subject": "seq = NEW.seq AND subject_no = NEW.subject_no"}


def upgrade() -> None:
    """Make the tables and their guards."""
    op.create_table(
        "audit_row",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("done_at", columns.Instant(), nullable=False),
        sa.Column("act", columns.Words(), nullable=False),
        sa.Column("user_id", columns.Code(), nullable=False),
        sa.Column("role", columns.Words(), nullable=True),
        sa.Column("lens", columns.Words(), nullable=True),
        sa.Column("grant_ids", columns.Plain(), nullable=True),
        sa.Column("entity", columns.Words(), nullable=True),
        sa.Column("fields", columns.Plain(), nullable=True),
        sa.Column("n_subjects", sa.Integer(), nullable=False),
        sa.Column("subject_hash", columns.Words(), nullable=False),
        sa.Column("place_id", columns.Words(), nullable=True),
        sa.Column("purpose_id", columns.Words(), nullable=True),
        sa.Column("ticket", columns.Words(), nullable=True),
        sa.Column("address_hash", columns.Words(), nullable=True),
        sa.Column("route", columns.Words(), nullable=True),
        sa.Column("request_id", columns.Words(), nullable=True),
        sa.Column("details", columns.Plain(), nullable=True),
        sa.Column("prev_hash", columns.Words(), nullable=False),
        sa.Column("row_hash", columns.Words(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_row")),
    )
    op.create_index(op.f("ix_audit_row_done_at"), "audit_row", ["done_at"])
    op.create_index("ix_audit_row_user", "audit_row", ["user_id", "done_at"])
    op.create_table(
        "audit_subject",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entity", columns.Words(), nullable=False),
        sa.Column("subject_id", columns.Code(), nullable=False),
        sa.Column("place_id", columns.Code(), nullable=True),
        sa.PrimaryKeyConstraint("seq", "subject_no", name=op.f("pk_audit_subject")),
    )
    op.create_index(op.f("ix_audit_subject_place_id"), "audit_subject", ["place_id"])
    op.create_index("ix_audit_subject_subject", "audit_subject", ["subject_id", "seq"])
    op.create_table(
        "purpose_taken",
        sa.Column("taking_id", columns.Code(), nullable=False),
        sa.Column("user_id", columns.Code(), nullable=False),
        sa.Column("purpose_id", columns.Words(), nullable=False),
        sa.Column("ticket", columns.Words(), nullable=True),
        sa.Column("about_entity", columns.Words(), nullable=False),
        sa.Column("about_id", columns.Words(), nullable=False),
        sa.Column("place_id", columns.Words(), nullable=True),
        sa.Column("taken_at", columns.Instant(), nullable=False),
        sa.Column("until_at", columns.Instant(), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("taking_id", name=op.f("pk_purpose_taken")),
    )
    op.create_index(op.f("ix_purpose_taken_user_id"), "purpose_taken", ["user_id"])
    guard()


def guard() -> None:
    """Let the store refuse what is not an insert, unless a move or a restore is filling it."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {IS_FILLING} THEN IF TG_OP = 'UPDATE' THEN RETURN NEW; END IF; RETURN OLD; END IF; "
            "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
        for name in SAME:
            op.execute(
                f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE ON {name} "
                f"FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()"
            )
            op.execute(
                f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()"
            )
        return
    for name, same in SAME.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {name}_no_{what.lower()} BEFORE {what} ON {name} WHEN NOT {IS_FILLING} {refuse}"
            )
        # Else INSERT OR REPLACE would take a row away without the trigger above.
        op.execute(
            f"CREATE TRIGGER {name}_no_replace BEFORE INSERT ON {name} "
            f"WHEN EXISTS (SELECT 1 FROM {name} WHERE {same}) AND NOT {IS_FILLING} {refuse}"
        )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("purpose_taken")
    op.drop_table("audit_subject")
    op.drop_table("audit_row")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {FUNCTION}()")
