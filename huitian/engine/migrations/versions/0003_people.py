"""Grants, posts and duty. What an account might see moves from the account into its first grant."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from huitian.engine import columns

revision = "0003"
down_revision = "0002"

OF_ACCOUNT = ("user_id", "user_name", "display_name", "org_id", "password_hash", "is_demo")
OF_SESSION = ("session_hash", "user_id", "csrf", "created_at", "expires_at")
OF_FIRST = ("role", "lens", "place_id")
FIRST = "first-"


def upgrade() -> None:
    """Make the tables and move what accounts might see."""
    accounts, sessions = rows("user_account", (*OF_ACCOUNT, *OF_FIRST)), rows("session", OF_SESSION)
    op.drop_table("session")
    op.drop_table("user_account")
    op.create_table("user_account", *account_columns(), *account_keys())
    op.create_table("session", *session_columns(), sa.Column("acting", columns.Words(), nullable=True), *session_keys())
    op.create_table(
        "access_grant",
        sa.Column("grant_id", columns.Code(), nullable=False),
        sa.Column("user_id", columns.Code(), nullable=True),
        sa.Column("post_id", columns.Code(), nullable=True),
        sa.Column("role", columns.Words(), nullable=False),
        sa.Column("lens", columns.Words(), nullable=False),
        sa.Column("place_id", columns.Code(), nullable=True),
        sa.Column("org_id", columns.Words(), nullable=True),
        sa.Column("purpose", columns.Words(), nullable=True),
        sa.Column("starts_at", columns.Instant(), nullable=True),
        sa.Column("expires_at", columns.Instant(), nullable=True),
        sa.Column("granted_by", columns.Words(), nullable=True),
        sa.Column("granted_at", columns.Instant(), nullable=True),
        sa.Column("delegated_from", columns.Code(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revoked_at", columns.Instant(), nullable=True),
        sa.Column("revoked_by", columns.Words(), nullable=True),
        sa.PrimaryKeyConstraint("grant_id", name=op.f("pk_access_grant")),
    )
    for column in ("user_id", "post_id", "place_id", "delegated_from"):
        op.create_index(op.f(f"ix_access_grant_{column}"), "access_grant", [column])
    op.create_table(
        "post",
        sa.Column("post_id", columns.Code(), nullable=False),
        sa.Column("org_id", columns.Code(), nullable=False),
        sa.Column("title", columns.Words(), nullable=False),
        sa.Column("user_name", columns.Code(), nullable=True),
        sa.Column("holder_name", columns.Words(), nullable=True),
        sa.Column("load_id", columns.Code(), nullable=True),
        sa.Column("load_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post")),
    )
    op.create_table(
        "duty",
        sa.Column("duty_id", columns.Code(), nullable=False),
        sa.Column("org_id", columns.Code(), nullable=False),
        sa.Column("post_id", columns.Code(), nullable=True),
        sa.Column("place_id", columns.Code(), nullable=True),
        sa.Column("user_name", columns.Code(), nullable=True),
        sa.Column("person_name", columns.Words(), nullable=False),
        sa.Column("phone", columns.Words(), nullable=True),
        sa.Column("can_do", columns.Words(), nullable=True),
        sa.Column("instead_of", columns.Words(), nullable=True),
        sa.Column("starts_at", columns.Instant(), nullable=False),
        sa.Column("ends_at", columns.Instant(), nullable=False),
        sa.Column("load_id", columns.Code(), nullable=True),
        sa.Column("load_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("duty_id", name=op.f("pk_duty")),
    )
    for table, names in {"post": ("org_id", "user_name", "load_id"),
                         "duty": ("org_id", "post_id", "place_id", "user_name", "ends_at", "load_id")}.items():  # fmt: skip
        for column in names:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    put("user_account", [{name: row[name] for name in OF_ACCOUNT} for row in accounts])
    put("session", sessions)
    put("access_grant", [
        {"grant_id": f"{FIRST}{row['user_id']}", "user_id": row["user_id"], "version": 1,
         **{name: row[name] for name in OF_FIRST}} for row in accounts])  # fmt: skip


def downgrade() -> None:
    """Move the grant of each account back: the first one, else the newest that is in force; of none, nothing but
    what everybody may see. Further grants, posts and duty are lost."""
    accounts, sessions = rows("user_account", OF_ACCOUNT), rows("session", OF_SESSION)
    grants = rows("access_grant", ("grant_id", "user_id", *OF_FIRST, "granted_at", "expires_at"), "revoked_at IS NULL")
    chosen: dict[str, dict[str, Any]] = {}
    for row in sorted(grants, key=lambda g: (g["grant_id"] == f"{FIRST}{g['user_id']}", g["granted_at"] or 0)):
        if row["expires_at"] is None:
            chosen[row["user_id"]] = {name: row[name] for name in OF_FIRST}
    nothing = {"role": "resident", "lens": "V1", "place_id": None}
    for table in ("duty", "post", "access_grant", "session", "user_account"):
        op.drop_table(table)
    name, shown, org, *others = account_columns()[1:]
    op.create_table(
        "user_account", account_columns()[0], name, shown, sa.Column("role", columns.Words(), nullable=False),
        sa.Column("lens", columns.Words(), nullable=False), org, sa.Column("place_id", columns.Words(), nullable=True),
        *others, *account_keys(),
    )
    op.create_table("session", *session_columns(), *session_keys())
    put("user_account", [row | chosen.get(row["user_id"], nothing) for row in accounts])
    put("session", sessions)


def account_columns() -> list[sa.Column[Any]]:
    """Return the columns that accounts have before and after."""
    return [
        sa.Column("user_id", columns.Code(), nullable=False),
        sa.Column("user_name", columns.Code(), nullable=False),
        sa.Column("display_name", columns.Words(), nullable=True),
        sa.Column("org_id", columns.Words(), nullable=True),
        sa.Column("password_hash", columns.Words(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=True),
    ]


def account_keys() -> list[sa.Constraint]:
    """Return the keys of accounts."""
    return [
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("user_name", name=op.f("uq_user_account_user_name")),
    ]


def session_columns() -> list[sa.Column[Any]]:
    """Return the columns that sessions have before and after."""
    return [
        sa.Column("session_hash", columns.Code(), nullable=False),
        sa.Column("user_id", columns.Code(), nullable=False),
        sa.Column("csrf", columns.Words(), nullable=False),
        sa.Column("created_at", columns.Instant(), nullable=True),
        sa.Column("expires_at", columns.Instant(), nullable=True),
    ]


def session_keys() -> list[sa.Constraint]:
    """Return the keys of sessions."""
    return [
        sa.ForeignKeyConstraint(["user_id"], ["user_account.user_id"], name=op.f("fk_session_user_id_user_account")),
        sa.PrimaryKeyConstraint("session_hash", name=op.f("pk_session")),
    ]


def rows(table: str, names: tuple[str, ...], where: str = "") -> list[dict[str, Any]]:
    """Return rows as they lie in the store."""
    found: Any = sa.select(*(sa.column(name) for name in names)).select_from(sa.table(table))
    if where:
        found = found.where(sa.text(where))
    return [dict(row) for row in op.get_bind().execute(found).mappings()]


def put(table: str, told: list[dict[str, Any]]) -> None:
    """Write rows as they are to lie in the store."""
    if told:
        op.get_bind().execute(sa.insert(sa.table(table, *(sa.column(name) for name in told[0]))), told)
