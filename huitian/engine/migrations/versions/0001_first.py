"""The first schema: every table of 0.1.0, with an index over boxes that suits the store.

Written out rather than taken from ``engine.tables``: a released revision never changes.
"""

import sqlalchemy as sa
from alembic import op

from huitian.engine import columns

revision = "0001"
down_revision = None

BOXED = {
    "place": "place_id", "building": "building_id", "component": "component_id", "feature": "feature_id",
    "case_state": "case_id",
}  # fmt: skip


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "anchor",
        sa.Column("entity", columns.Code(), nullable=False),
        sa.Column("object_id", columns.Code(), nullable=False),
        sa.Column("tree_id", columns.Code(), nullable=False),
        sa.Column("valid_from", columns.Day(), nullable=False),
        sa.Column("valid_to", columns.Day(), nullable=True),
        sa.Column("place_id", columns.Code(), nullable=False),
        sa.Column("located_by", columns.Words(), nullable=False),
        sa.PrimaryKeyConstraint("entity", "object_id", "tree_id", "valid_from", name=op.f("pk_anchor")),
    )
    op.create_index("ix_anchor_place", "anchor", ["entity", "place_id", "object_id"], unique=False)
    op.create_table(
        "building",
        sa.Column("building_id", columns.Code(), nullable=False),
        sa.Column("name", columns.Words(), nullable=True),
        sa.Column("use", columns.Words(), nullable=True),
        sa.Column("structure", columns.Words(), nullable=True),
        sa.Column("n_floors_above", sa.Integer(), nullable=True),
        sa.Column("n_floors_below", sa.Integer(), nullable=True),
        sa.Column("n_units", sa.Integer(), nullable=True),
        sa.Column("n_dwellings", sa.Integer(), nullable=True),
        sa.Column("height_m", sa.Float(precision=53), nullable=True),
        sa.Column("built_year", sa.Integer(), nullable=True),
        sa.Column("lon", sa.Float(precision=53), nullable=True),
        sa.Column("lat", sa.Float(precision=53), nullable=True),
        sa.Column("geometry", columns.Geometry(), nullable=True),
        sa.Column("west", sa.Float(precision=53), nullable=True),
        sa.Column("south", sa.Float(precision=53), nullable=True),
        sa.Column("east", sa.Float(precision=53), nullable=True),
        sa.Column("north", sa.Float(precision=53), nullable=True),
        sa.Column("attributes", columns.Plain(), nullable=True),
        sa.Column("valid_from", columns.Day(), nullable=True),
        sa.Column("valid_to", columns.Day(), nullable=True),
        sa.Column("load_id", columns.Code(), nullable=True),
        sa.Column("load_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("building_id", name=op.f("pk_building")),
    )
    op.create_index(op.f("ix_building_load_id"), "building", ["load_id"], unique=False)
    op.create_table(
        "case_contact",
        sa.Column("case_id", columns.Code(), nullable=False),
        sa.Column("name", columns.Words(), nullable=True),
        sa.Column("phone", columns.Words(), nullable=True),
        sa.Column("is_anonymous", sa.Boolean(), nullable=True),
        sa.Column("follow_code_hash", columns.Words(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_contact")),
    )
    op.create_table(
        "case_file",
        sa.Column("case_id", columns.Code(), nullable=False),
        sa.Column("step_no", sa.Integer(), nullable=False),
        sa.Column("file_id", columns.Code(), nullable=False),
        sa.Column("role", columns.Words(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "step_no", "file_id", name=op.f("pk_case_file")),
    )
    op.create_table(
        "case_state",
        sa.Column("case_id", columns.Code(), nullable=False),
        sa.Column("case_no", columns.Code(), nullable=False),
        sa.Column("kind", columns.Words(), nullable=False),
        sa.Column("channel", columns.Words(), nullable=True),
        sa.Column("ladder_id", columns.Words(), nullable=False),
        sa.Column("rule_set", columns.Words(), nullable=False),
        sa.Column("category_code", columns.Code(), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("state", columns.Code(), nullable=False),
        sa.Column("ladder_level", columns.Words(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner_org_id", columns.Code(), nullable=True),
        sa.Column("lon", sa.Float(precision=53), nullable=True),
        sa.Column("lat", sa.Float(precision=53), nullable=True),
        sa.Column("west", sa.Float(precision=53), nullable=True),
        sa.Column("south", sa.Float(precision=53), nullable=True),
        sa.Column("east", sa.Float(precision=53), nullable=True),
        sa.Column("north", sa.Float(precision=53), nullable=True),
        sa.Column("building_id", columns.Code(), nullable=True),
        sa.Column("located_by", columns.Words(), nullable=True),
        sa.Column("reported_at", columns.Instant(), nullable=False),
        sa.Column("dispatched_at", columns.Instant(), nullable=True),
        sa.Column("signed_at", columns.Instant(), nullable=True),
        sa.Column("contacted_at", columns.Instant(), nullable=True),
        sa.Column("replied_at", columns.Instant(), nullable=True),
        sa.Column("visited_at", columns.Instant(), nullable=True),
        sa.Column("closed_at", columns.Instant(), nullable=True),
        sa.Column("due_at", columns.Instant(), nullable=True),
        sa.Column("watch_at", columns.Instant(), nullable=True),
        sa.Column("urgent_at", columns.Instant(), nullable=True),
        sa.Column("is_contacted", sa.Boolean(), nullable=True),
        sa.Column("solved", columns.Words(), nullable=True),
        sa.Column("satisfied", columns.Words(), nullable=True),
        sa.Column("n_files", sa.Integer(), nullable=True),
        sa.Column("origin_load_id", columns.Code(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_state")),
        sa.UniqueConstraint("case_no", name=op.f("uq_case_state_case_no")),
    )
    op.create_index(op.f("ix_case_state_building_id"), "case_state", ["building_id"], unique=False)
    op.create_index(op.f("ix_case_state_category_code"), "case_state", ["category_code"], unique=False)
    op.create_index(op.f("ix_case_state_closed_at"), "case_state", ["closed_at"], unique=False)
    op.create_index(op.f("ix_case_state_due_at"), "case_state", ["due_at"], unique=False)
    op.create_index(op.f("ix_case_state_origin_load_id"), "case_state", ["origin_load_id"], unique=False)
    op.create_index(op.f("ix_case_state_owner_org_id"), "case_state", ["owner_org_id"], unique=False)
    op.create_index(op.f("ix_case_state_reported_at"), "case_state", ["reported_at"], unique=False)
    op.create_index(op.f("ix_case_state_state"), "case_state", ["state"], unique=False)
    op.create_table(
        "case_step",
        sa.Column("case_id", columns.Code(), nullable=False),
        sa.Column("step_no", sa.Integer(), nullable=False),
        sa.Column("action", columns.Words(), nullable=False),
        sa.Column("actor_id", columns.Words(), nullable=False),
        sa.Column("actor_org_id", columns.Words(), nullable=True),
        sa.Column("taken_at", columns.Instant(), nullable=False),
        sa.Column("facts", columns.Plain(), nullable=True),
        sa.Column("idempotency_key", columns.Code(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "step_no", name=op.f("pk_case_step")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_case_step_idempotency_key")),
    )
    op.create_table(
        "case_words",
        sa.Column("case_id", columns.Code(), nullable=False),
        sa.Column("step_no", sa.Integer(), nullable=False),
        sa.Column("field", columns.Code(), nullable=False),
        sa.Column("words", columns.Words(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "step_no", "field", name=op.f("pk_case_words")),
    )
    op.create_table(
        "category",
        sa.Column("category_code", columns.Code(), nullable=False),
        sa.Column("parent_code", columns.Words(), nullable=True),
        sa.Column("title_zh", columns.Words(), nullable=True),
        sa.Column("title_en", columns.Words(), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("keywords", columns.Plain(), nullable=True),
        sa.PrimaryKeyConstraint("category_code", name=op.f("pk_category")),
    )
    op.create_table(
        "city_fact",
        sa.Column("fact", columns.Code(), nullable=False),
        sa.Column("told", columns.Words(), nullable=True),
        sa.PrimaryKeyConstraint("fact", name=op.f("pk_city_fact")),
    )
    op.create_table(
        "component",
        sa.Column("component_id", columns.Code(), nullable=False),
        sa.Column("class_code", columns.Code(), nullable=True),
        sa.Column("name", columns.Words(), nullable=True),
        sa.Column("status", columns.Words(), nullable=True),
        sa.Column("lon", sa.Float(precision=53), nullable=True),
        sa.Column("lat", sa.Float(precision=53), nullable=True),
        sa.Column("west", sa.Float(precision=53), nullable=True),
        sa.Column("south", sa.Float(precision=53), nullable=True),
        sa.Column("east", sa.Float(precision=53), nullable=True),
        sa.Column("north", sa.Float(precision=53), nullable=True),
        sa.Column("attributes", columns.Plain(), nullable=True),
        sa.Column("valid_from", columns.Day(), nullable=True),
        sa.Column("valid_to", columns.Day(), nullable=True),
        sa.Column("load_id", columns.Code(), nullable=True),
        sa.Column("load_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("component_id", name=op.f("pk_component")),
    )
    op.create_index(op.f("ix_component_class_code"), "component", ["class_code"], unique=False)
    op.create_index(op.f("ix_component_load_id"), "component", ["load_id"], unique=False)
    op.create_table(
        "dispatch_rule",
        sa.Column("rule_id", columns.Code(), nullable=False),
        sa.Column("category_code", columns.Code(), nullable=True),
        sa.Column("place_id", columns.Words(), nullable=True),
        sa.Column("org_id", columns.Words(), nullable=True),
        sa.Column("org_kind", columns.Words(), nullable=True),
        sa.Column("valid_from", columns.Day(), nullable=True),
        sa.Column("valid_to", columns.Day(), nullable=True),
        sa.PrimaryKeyConstraint("rule_id", name=op.f("pk_dispatch_rule")),
    )
    op.create_index(op.f("ix_dispatch_rule_category_code"), "dispatch_rule", ["category_code"], unique=False)
    op.create_table(
        "dwelling",
        sa.Column("dwelling_id", columns.Code(), nullable=False),
        sa.Column("building_id", columns.Code(), nullable=True),
        sa.Column("unit_no", columns.Words(), nullable=True),
        sa.Column("floor_no", sa.Integer(), nullable=True),
        sa.Column("room_no", columns.Words(), nullable=True),
        sa.Column("occupancy_state", columns.Words(), nullable=True),
        sa.Column("tenure", columns.Words(), nullable=True),
        sa.Column("floor_area_m2", sa.Float(precision=53), nullable=True),
        sa.Column("valid_from", columns.Day(), nullable=True),
        sa.Column("valid_to", columns.Day(), nullable=True),
        sa.Column("load_id", columns.Code(), nullable=True),
        sa.Column("load_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("dwelling_id", name=op.f("pk_dwelling")),
    )
    op.create_index(op.f("ix_dwelling_building_id"), "dwelling", ["building_id"], unique=False)
    op.create_index(op.f("ix_dwelling_load_id"), "dwelling", ["load_id"], unique=False)
    op.create_table(
        "feature",
        sa.Column("feature_id", columns.Code(), nullable=False),
        sa.Column("layer_id", columns.Code(), nullable=True),
        sa.Column("kind", columns.Words(), nullable=True),
        sa.Column("name", columns.Words(), nullable=True),
        sa.Column("geometry", columns.Geometry(), nullable=True),
        sa.Column("west", sa.Float(precision=53), nullable=True),
        sa.Column("south", sa.Float(precision=53), nullable=True),
        sa.Column("east", sa.Float(precision=53), nullable=True),
        sa.Column("north", sa.Float(precision=53), nullable=True),
        sa.Column("attributes", columns.Plain(), nullable=True),
        sa.Column("load_id", columns.Code(), nullable=True),
        sa.Column("load_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("feature_id", name=op.f("pk_feature")),
    )
    op.create_index(op.f("ix_feature_layer_id"), "feature", ["layer_id"], unique=False)
    op.create_index(op.f("ix_feature_load_id"), "feature", ["load_id"], unique=False)
    op.create_table(
        "finding",
        sa.Column("finding_id", columns.Code(), nullable=False),
        sa.Column("rule_id", columns.Words(), nullable=False),
        sa.Column("entity", columns.Words(), nullable=True),
        sa.Column("object_id", columns.Words(), nullable=True),
        sa.Column("place_id", columns.Code(), nullable=True),
        sa.Column("severity", columns.Words(), nullable=True),
        sa.Column("words_zh", columns.Words(), nullable=True),
        sa.Column("words_en", columns.Words(), nullable=True),
        sa.Column("facts", columns.Plain(), nullable=True),
        sa.Column("found_at", columns.Instant(), nullable=True),
        sa.Column("load_id", columns.Code(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("finding_id", name=op.f("pk_finding")),
    )
    op.create_index(op.f("ix_finding_place_id"), "finding", ["place_id"], unique=False)
    op.create_table(
        "floor",
        sa.Column("floor_id", columns.Code(), nullable=False),
        sa.Column("building_id", columns.Code(), nullable=True),
        sa.Column("unit_no", columns.Words(), nullable=True),
        sa.Column("floor_no", sa.Integer(), nullable=True),
        sa.Column("load_id", columns.Code(), nullable=True),
        sa.Column("load_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("floor_id", name=op.f("pk_floor")),
    )
    op.create_index(op.f("ix_floor_building_id"), "floor", ["building_id"], unique=False)
    op.create_index(op.f("ix_floor_load_id"), "floor", ["load_id"], unique=False)
    op.create_table(
        "household",
        sa.Column("household_id", columns.Code(), nullable=False),
        sa.Column("building_id", columns.Code(), nullable=True),
        sa.Column("kind", columns.Words(), nullable=True),
        sa.Column("n_persons", sa.Integer(), nullable=True),
        sa.Column("cell_key", sa.Integer(), nullable=True),
        sa.Column("load_id", columns.Code(), nullable=True),
        sa.Column("load_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("household_id", name=op.f("pk_household")),
    )
    op.create_index(op.f("ix_household_building_id"), "household", ["building_id"], unique=False)
    op.create_index(op.f("ix_household_load_id"), "household", ["load_id"], unique=False)
    op.create_table(
        "layer",
        sa.Column("layer_id", columns.Code(), nullable=False),
        sa.Column("title_zh", columns.Words(), nullable=True),
        sa.Column("title_en", columns.Words(), nullable=True),
        sa.Column("geometry_kind", columns.Words(), nullable=True),
        sa.Column("load_id", columns.Code(), nullable=True),
        sa.Column("load_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("layer_id", name=op.f("pk_layer")),
    )
    op.create_index(op.f("ix_layer_load_id"), "layer", ["load_id"], unique=False)
    op.create_table(
        "lineage",
        sa.Column("from_id", columns.Code(), nullable=False),
        sa.Column("to_id", columns.Code(), nullable=False),
        sa.Column("kind", columns.Words(), nullable=False),
        sa.Column("changed_on", columns.Day(), nullable=False),
        sa.Column("share_ratio", sa.Float(precision=53), nullable=True),
        sa.PrimaryKeyConstraint("from_id", "to_id", name=op.f("pk_lineage")),
    )
    op.create_table(
        "load",
        sa.Column("load_id", columns.Code(), nullable=False),
        sa.Column("kind", columns.Words(), nullable=True),
        sa.Column("file_name", columns.Words(), nullable=True),
        sa.Column("file_hash", columns.Words(), nullable=True),
        sa.Column("map_hash", columns.Words(), nullable=True),
        sa.Column("state", columns.Words(), nullable=True),
        sa.Column("n_read", sa.Integer(), nullable=True),
        sa.Column("n_written", sa.Integer(), nullable=True),
        sa.Column("n_unchanged", sa.Integer(), nullable=True),
        sa.Column("n_rejected", sa.Integer(), nullable=True),
        sa.Column("n_done_rows", sa.Integer(), nullable=True),
        sa.Column("started_at", columns.Instant(), nullable=True),
        sa.Column("finished_at", columns.Instant(), nullable=True),
        sa.Column("load_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("load_id", name=op.f("pk_load")),
    )
    op.create_table(
        "number_series",
        sa.Column("series", columns.Code(), nullable=False),
        sa.Column("last_no", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_number_series")),
    )
    op.create_table(
        "occupancy",
        sa.Column("household_id", columns.Code(), nullable=False),
        sa.Column("dwelling_id", columns.Code(), nullable=False),
        sa.Column("valid_from", columns.Day(), nullable=False),
        sa.Column("valid_to", columns.Day(), nullable=True),
        sa.Column("building_id", columns.Code(), nullable=True),
        sa.Column("load_id", columns.Code(), nullable=True),
        sa.Column("load_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("household_id", "dwelling_id", "valid_from", name=op.f("pk_occupancy")),
    )
    op.create_index(op.f("ix_occupancy_building_id"), "occupancy", ["building_id"], unique=False)
    op.create_index(op.f("ix_occupancy_load_id"), "occupancy", ["load_id"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("org_id", columns.Code(), nullable=False),
        sa.Column("name", columns.Words(), nullable=False),
        sa.Column("name_en", columns.Words(), nullable=True),
        sa.Column("kind", columns.Words(), nullable=False),
        sa.Column("uscc", columns.Words(), nullable=True),
        sa.Column("parent_org_id", columns.Words(), nullable=True),
        sa.Column("place_id", columns.Code(), nullable=True),
        sa.Column("duty_phone", columns.Words(), nullable=True),
        sa.Column("lon", sa.Float(precision=53), nullable=True),
        sa.Column("lat", sa.Float(precision=53), nullable=True),
        sa.Column("capacity_n", sa.Integer(), nullable=True),
        sa.Column("attributes", columns.Plain(), nullable=True),
        sa.Column("load_id", columns.Code(), nullable=True),
        sa.Column("load_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_organisation")),
    )
    op.create_index(op.f("ix_organisation_load_id"), "organisation", ["load_id"], unique=False)
    op.create_index(op.f("ix_organisation_place_id"), "organisation", ["place_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("topic", columns.Words(), nullable=False),
        sa.Column("kind", columns.Words(), nullable=False),
        sa.Column("payload", columns.Plain(), nullable=True),
        sa.Column("place_ids", columns.Plain(), nullable=True),
        sa.Column("recorded_at", columns.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
    )
    op.create_table(
        "person",
        sa.Column("person_id", columns.Code(), nullable=False),
        sa.Column("household_id", columns.Code(), nullable=True),
        sa.Column("building_id", columns.Code(), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("sex", columns.Words(), nullable=True),
        sa.Column("is_registered", sa.Boolean(), nullable=True),
        sa.Column("cell_key", sa.Integer(), nullable=False),
        sa.Column("load_id", columns.Code(), nullable=True),
        sa.Column("load_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person")),
    )
    op.create_index(op.f("ix_person_building_id"), "person", ["building_id"], unique=False)
    op.create_index(op.f("ix_person_household_id"), "person", ["household_id"], unique=False)
    op.create_index(op.f("ix_person_load_id"), "person", ["load_id"], unique=False)
    op.create_table(
        "person_identity",
        sa.Column("person_id", columns.Code(), nullable=False),
        sa.Column("name", columns.Words(), nullable=True),
        sa.Column("phone", columns.Words(), nullable=True),
        sa.Column("id_number", columns.Words(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_identity")),
    )
    op.create_table(
        "reject",
        sa.Column("load_id", columns.Code(), nullable=False),
        sa.Column("row_no", sa.Integer(), nullable=False),
        sa.Column("source_key", columns.Words(), nullable=True),
        sa.Column("reason_code", columns.Code(), nullable=False),
        sa.Column("reason_zh", columns.Words(), nullable=True),
        sa.Column("reason_en", columns.Words(), nullable=True),
        sa.Column("raw", columns.Plain(), nullable=True),
        sa.PrimaryKeyConstraint("load_id", "row_no", "reason_code", name=op.f("pk_reject")),
    )
    op.create_table(
        "source_row",
        sa.Column("source_id", columns.Code(), nullable=False),
        sa.Column("source_key", columns.Code(), nullable=False),
        sa.Column("entity", columns.Code(), nullable=False),
        sa.Column("object_id", columns.Code(), nullable=False),
        sa.Column("content_hash", columns.Words(), nullable=True),
        sa.Column("load_id", columns.Code(), nullable=True),
        sa.PrimaryKeyConstraint("source_id", "source_key", "entity", name=op.f("pk_source_row")),
    )
    op.create_index(op.f("ix_source_row_load_id"), "source_row", ["load_id"], unique=False)
    op.create_table(
        "tree",
        sa.Column("tree_id", columns.Code(), nullable=False),
        sa.Column("title_zh", columns.Words(), nullable=True),
        sa.Column("title_en", columns.Words(), nullable=True),
        sa.Column("levels", columns.Plain(), nullable=True),
        sa.PrimaryKeyConstraint("tree_id", name=op.f("pk_tree")),
    )
    op.create_table(
        "unit",
        sa.Column("unit_id", columns.Code(), nullable=False),
        sa.Column("building_id", columns.Code(), nullable=True),
        sa.Column("unit_no", columns.Words(), nullable=True),
        sa.Column("n_floors", sa.Integer(), nullable=True),
        sa.Column("load_id", columns.Code(), nullable=True),
        sa.Column("load_seq", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_unit")),
    )
    op.create_index(op.f("ix_unit_building_id"), "unit", ["building_id"], unique=False)
    op.create_index(op.f("ix_unit_load_id"), "unit", ["load_id"], unique=False)
    op.create_table(
        "user_account",
        sa.Column("user_id", columns.Code(), nullable=False),
        sa.Column("user_name", columns.Code(), nullable=False),
        sa.Column("display_name", columns.Words(), nullable=True),
        sa.Column("role", columns.Words(), nullable=False),
        sa.Column("lens", columns.Words(), nullable=False),
        sa.Column("org_id", columns.Words(), nullable=True),
        sa.Column("place_id", columns.Words(), nullable=True),
        sa.Column("password_hash", columns.Words(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("user_name", name=op.f("uq_user_account_user_name")),
    )
    op.create_table(
        "edition",
        sa.Column("edition_id", columns.Code(), nullable=False),
        sa.Column("tree_id", columns.Code(), nullable=False),
        sa.Column("edition_no", sa.Integer(), nullable=False),
        sa.Column("valid_from", columns.Day(), nullable=False),
        sa.Column("valid_to", columns.Day(), nullable=True),
        sa.ForeignKeyConstraint(["tree_id"], ["tree.tree_id"], name=op.f("fk_edition_tree_id_tree")),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_edition")),
    )
    op.create_table(
        "place",
        sa.Column("place_id", columns.Code(), nullable=False),
        sa.Column("tree_id", columns.Code(), nullable=False),
        sa.Column("code", columns.Code(), nullable=False),
        sa.Column("level", columns.Words(), nullable=False),
        sa.Column("name", columns.Words(), nullable=False),
        sa.Column("name_en", columns.Words(), nullable=True),
        sa.Column("parent_id", columns.Code(), nullable=True),
        sa.Column("valid_from", columns.Day(), nullable=False),
        sa.Column("valid_to", columns.Day(), nullable=True),
        sa.Column("area_m2", sa.Float(precision=53), nullable=True),
        sa.Column("label_lon", sa.Float(precision=53), nullable=True),
        sa.Column("label_lat", sa.Float(precision=53), nullable=True),
        sa.Column("geometry", columns.Geometry(), nullable=True),
        sa.Column("west", sa.Float(precision=53), nullable=True),
        sa.Column("south", sa.Float(precision=53), nullable=True),
        sa.Column("east", sa.Float(precision=53), nullable=True),
        sa.Column("north", sa.Float(precision=53), nullable=True),
        sa.Column("attributes", columns.Plain(), nullable=True),
        sa.Column("load_id", columns.Code(), nullable=True),
        sa.Column("load_seq", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["tree_id"], ["tree.tree_id"], name=op.f("fk_place_tree_id_tree")),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_place")),
    )
    op.create_index(op.f("ix_place_code"), "place", ["code"], unique=False)
    op.create_index(op.f("ix_place_load_id"), "place", ["load_id"], unique=False)
    op.create_index(op.f("ix_place_parent_id"), "place", ["parent_id"], unique=False)
    op.create_table(
        "session",
        sa.Column("session_hash", columns.Code(), nullable=False),
        sa.Column("user_id", columns.Code(), nullable=False),
        sa.Column("csrf", columns.Words(), nullable=False),
        sa.Column("created_at", columns.Instant(), nullable=True),
        sa.Column("expires_at", columns.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.user_id"], name=op.f("fk_session_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("session_hash", name=op.f("pk_session")),
    )
    op.create_table(
        "edition_place",
        sa.Column("edition_id", columns.Code(), nullable=False),
        sa.Column("place_id", columns.Code(), nullable=False),
        sa.Column("parent_id", columns.Code(), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("rank_last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.edition_id"], name=op.f("fk_edition_place_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.place_id"], name=op.f("fk_edition_place_place_id_place")
        ),
        sa.PrimaryKeyConstraint("edition_id", "place_id", name=op.f("pk_edition_place")),
    )
    op.create_index("ix_edition_place_rank", "edition_place", ["edition_id", "rank"], unique=False)
    for name, key in BOXED.items():
        for statement in box_statements(name, key, op.get_bind().dialect.name):
            op.execute(statement)


def box_statements(name: str, key: str, dialect: str) -> list[str]:
    """Return the index over the boxes of one table: R*Tree with triggers on SQLite, GiST on PostgreSQL."""
    if dialect == "postgresql":
        return [
            f"CREATE INDEX ix_{name}_box ON {name} USING gist (box(point(west, south), point(east, north)))"
        ]
    values = f"new.rowid, new.west, new.east, new.south, new.north, new.{key}"
    add = f"INSERT INTO box_{name} SELECT {values} WHERE new.west IS NOT NULL;"
    drop = f"DELETE FROM box_{name} WHERE box_no = old.rowid;"
    moved = f"AFTER UPDATE OF west, east, south, north ON {name}"
    return [
        f"CREATE VIRTUAL TABLE box_{name} USING rtree(box_no, west, east, south, north, +object_id TEXT)",
        f"CREATE TRIGGER box_{name}_added AFTER INSERT ON {name} BEGIN {add} END",
        f"CREATE TRIGGER box_{name}_moved {moved} BEGIN {drop} {add} END",
        f"CREATE TRIGGER box_{name}_gone AFTER DELETE ON {name} BEGIN {drop} END",
    ]


def downgrade() -> None:
    """Drop everything."""
    if op.get_bind().dialect.name == "sqlite":
        for name in BOXED:
            op.execute(f"DROP TABLE box_{name}")
    op.drop_table("edition_place")
    op.drop_table("session")
    op.drop_table("place")
    op.drop_table("edition")
    op.drop_table("user_account")
    op.drop_table("unit")
    op.drop_table("tree")
    op.drop_table("source_row")
    op.drop_table("reject")
    op.drop_table("person_identity")
    op.drop_table("person")
    op.drop_table("outbox")
    op.drop_table("organisation")
    op.drop_table("occupancy")
    op.drop_table("number_series")
    op.drop_table("load")
    op.drop_table("lineage")
    op.drop_table("layer")
    op.drop_table("household")
    op.drop_table("floor")
    op.drop_table("finding")
    op.drop_table("feature")
    op.drop_table("dwelling")
    op.drop_table("dispatch_rule")
    op.drop_table("component")
    op.drop_table("city_fact")
    op.drop_table("category")
    op.drop_table("case_words")
    op.drop_table("case_step")
    op.drop_table("case_state")
    op.drop_table("case_file")
    op.drop_table("case_contact")
    op.drop_table("building")
    op.drop_table("anchor")
