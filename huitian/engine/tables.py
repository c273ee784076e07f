"""Tables of the record store: one table an entity, the same on every engine.

``ENTITY_TABLES`` says how a row belongs to a place: by the ``anchor`` rows of an object, or by its own place id.
Columns that hold a time end in ``_at`` (aware UTC), ``_on``/``_from``/``_to`` are dates.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, Table

from huitian.engine.columns import Code, Day, Geometry, Instant, Plain, Words

SUBJECT = "subject"
"""In the ``info`` of a sealed column: kind of its subject, and the column that has the id of that."""
METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key(name: str, to: str | None = None) -> Column[Any]:
    """Return a text key column, with a foreign key where ``to`` names one."""
    return Column(name, Code, *([ForeignKey(to)] if to else []), primary_key=True, nullable=False)


def text(name: str, *, must: bool = False) -> Column[Any]:
    """Return a text column."""
    return Column(name, Words, nullable=not must)


def sealed(name: str, subject: str, kind: Any = Words) -> Column[Any]:
    """Return a column whose values are sealed under the key of a subject; see ``sealing``."""
    return Column(name, kind, nullable=True, info={SUBJECT: subject})


def whole(name: str, *, must: bool = False) -> Column[Any]:
    """Return an integer column."""
    return Column(name, Integer, nullable=not must)


def real(name: str) -> Column[Any]:
    """Return a double column."""
    return Column(name, Float(53), nullable=True)


def instant(name: str, *, must: bool = False) -> Column[Any]:
    """Return an instant column."""
    return Column(name, Instant, nullable=not must)


def day(name: str, *, must: bool = False) -> Column[Any]:
    """Return a date column."""
    return Column(name, Day, nullable=not must)


def flag(name: str) -> Column[Any]:
    """Return a boolean column; None means not known."""
    return Column(name, Boolean, nullable=True)


def plain(name: str) -> Column[Any]:
    """Return a JSON column."""
    return Column(name, Plain, nullable=True)


def box() -> list[Column[Any]]:
    """Return the four box columns in degrees, None where there is no geometry."""
    return [real("west"), real("south"), real("east"), real("north")]


def origin() -> list[Column[Any]]:
    """Return the columns that say which load wrote the row and when it was known."""
    return [Column("load_id", Code, index=True), Column("load_seq", BigInteger)]


def table(name: str, *columns: Any) -> Table:
    """Declare one table."""
    return Table(name, METADATA, *columns)


tree = table("tree", key("tree_id"), text("title_zh"), text("title_en"), plain("levels"))
edition = table(
    "edition", key("edition_id"), Column("tree_id", Code, ForeignKey("tree.tree_id"), nullable=False),
    whole("edition_no", must=True), day("valid_from", must=True), day("valid_to"),
)  # fmt: skip
place = table(
    "place", key("place_id"), Column("tree_id", Code, ForeignKey("tree.tree_id"), nullable=False),
    Column("code", Code, nullable=False, index=True), text("level", must=True), text("name", must=True),
    text("name_en"), Column("parent_id", Code, index=True), day("valid_from", must=True), day("valid_to"),
    real("area_m2"), real("label_lon"), real("label_lat"), Column("geometry", Geometry), *box(),
    plain("attributes"), *origin(),
)  # fmt: skip
edition_place = table(
    "edition_place", key("edition_id", "edition.edition_id"), key("place_id", "place.place_id"),
    Column("parent_id", Code), whole("depth", must=True), whole("rank", must=True), whole("rank_last", must=True),
    Index("ix_edition_place_rank", "edition_id", "rank"),
)  # fmt: skip
lineage = table(
    "lineage", key("from_id"), key("to_id"), text("kind", must=True), day("changed_on", must=True),
    real("share_ratio"),
)  # fmt: skip
anchor = table(
    "anchor", key("entity"), key("object_id"), key("tree_id"),
    Column("valid_from", Day, primary_key=True, nullable=False), day("valid_to"),
    Column("place_id", Code, nullable=False), text("located_by", must=True),
    Index("ix_anchor_place", "entity", "place_id", "object_id"),
)  # fmt: skip
building = table(
    "building", key("building_id"), text("name"), text("name_en"), text("use"), text("structure"),
    whole("n_floors_above"), whole("n_floors_below"), whole("n_units"), whole("n_dwellings"), real("height_m"),
    whole("built_year"), real("lon"), real("lat"), Column("geometry", Geometry), *box(), plain("attributes"),
    day("valid_from"), day("valid_to"), *origin(),
)  # fmt: skip
unit = table("unit", key("unit_id"), Column("building_id", Code, index=True), text("unit_no"), whole("n_floors"),
             *origin())  # fmt: skip
floor = table("floor", key("floor_id"), Column("building_id", Code, index=True), text("unit_no"),
              whole("floor_no"), *origin())  # fmt: skip
dwelling = table(
    "dwelling", key("dwelling_id"), Column("building_id", Code, index=True), text("unit_no"), whole("floor_no"),
    text("room_no"), text("occupancy_state"), text("tenure"), real("floor_area_m2"), day("valid_from"),
    day("valid_to"), *origin(),
)  # fmt: skip
household = table(
    "household", key("household_id"), Column("building_id", Code, index=True), text("kind"), whole("n_persons"),
    whole("cell_key"),
    *origin(),
)  # fmt: skip
occupancy = table(
    "occupancy", key("household_id"), key("dwelling_id"),
    Column("valid_from", Day, primary_key=True, nullable=False), day("valid_to"),
    Column("building_id", Code, index=True), *origin(),
)  # fmt: skip
person = table(
    "person", key("person_id"), Column("household_id", Code, index=True), Column("building_id", Code, index=True),
    whole("birth_year"), text("sex"), flag("is_registered"), whole("cell_key", must=True), *origin(),
)  # fmt: skip
person_identity = table(
    "person_identity", key("person_id"), sealed("name", "person:person_id"), sealed("phone", "person:person_id"),
    sealed("id_number", "person:person_id"),
)  # fmt: skip
organisation = table(
    "organisation", key("org_id"), text("name", must=True), text("name_en"), text("kind", must=True), text("uscc"),
    text("parent_org_id"), Column("place_id", Code, index=True), text("duty_phone"), real("lon"), real("lat"),
    whole("capacity_n"), plain("attributes"), *origin(),
)  # fmt: skip
component = table(
    "component", key("component_id"), Column("class_code", Code, index=True), text("name"), text("status"),
    real("lon"), real("lat"), *box(), plain("attributes"), day("valid_from"), day("valid_to"), *origin(),
)  # fmt: skip
layer = table("layer", key("layer_id"), text("title_zh"), text("title_en"), text("geometry_kind"), *origin())
feature = table(
    "feature", key("feature_id"), Column("layer_id", Code, index=True), text("kind"), text("name"),
    Column("geometry", Geometry), *box(), plain("attributes"), *origin(),
)  # fmt: skip
category = table(
    "category", key("category_code"), text("parent_code"), text("title_zh"), text("title_en"), whole("grade"),
    plain("keywords"),
)  # fmt: skip
dispatch_rule = table(
    "dispatch_rule", key("rule_id"), Column("category_code", Code, index=True), text("place_id"), text("org_id"),
    text("org_kind"), day("valid_from"), day("valid_to"),
)  # fmt: skip
case_step = table(
    "case_step", key("case_id"), Column("step_no", Integer, primary_key=True, nullable=False),
    text("action", must=True), text("actor_id", must=True), text("actor_org_id"), instant("taken_at", must=True),
    plain("facts"), Column("idempotency_key", Code, nullable=False, unique=True),
)  # fmt: skip
case_words = table("case_words", key("case_id"), Column("step_no", Integer, primary_key=True, nullable=False),
                   key("field"), sealed("words", "case:case_id"))  # fmt: skip
case_contact = table(
    "case_contact", key("case_id"), sealed("name", "contact:case_id"), sealed("phone", "contact:case_id"),
    flag("is_anonymous"), text("follow_code_hash"),
)  # fmt: skip
case_file = table("case_file", key("case_id"), Column("step_no", Integer, primary_key=True, nullable=False),
                  key("file_id"), text("role"))  # fmt: skip
case_state = table(
    "case_state", key("case_id"), Column("case_no", Code, nullable=False, unique=True), text("kind", must=True),
    text("channel"), text("ladder_id", must=True), text("rule_set", must=True),
    Column("category_code", Code, index=True), whole("grade"), Column("state", Code, nullable=False, index=True),
    text("ladder_level"), whole("version", must=True), Column("owner_org_id", Code, index=True), real("lon"),
    real("lat"), *box(), Column("building_id", Code, index=True), text("located_by"),
    Column("reported_at", Instant, nullable=False, index=True), instant("dispatched_at"), instant("signed_at"),
    instant("contacted_at"), instant("replied_at"), instant("visited_at"),
    Column("closed_at", Instant, index=True), Column("due_at", Instant, index=True), instant("watch_at"),
    instant("urgent_at"), flag("is_contacted"), text("solved"), text("satisfied"), whole("n_files"),
    Column("origin_load_id", Code, index=True),
)  # fmt: skip
load = table(
    "load", key("load_id"), text("kind"), text("file_name"), text("file_hash"), text("map_hash"), text("state"),
    whole("n_read"), whole("n_written"), whole("n_unchanged"), whole("n_rejected"), whole("n_done_rows"),
    instant("started_at"), instant("finished_at"), Column("load_seq", BigInteger),
)  # fmt: skip
reject = table(
    "reject", key("load_id"), Column("row_no", Integer, primary_key=True, nullable=False),
    sealed("source_key", "load:load_id"), key("reason_code"), sealed("reason_zh", "load:load_id"),
    sealed("reason_en", "load:load_id"), sealed("raw", "load:load_id", Plain),
)  # fmt: skip
finding = table(
    "finding", key("finding_id"), text("rule_id", must=True), text("entity"), text("object_id"),
    Column("place_id", Code, index=True), text("severity"), text("words_zh"), text("words_en"), plain("facts"),
    instant("found_at"), Column("load_id", Code), flag("is_open"),
)  # fmt: skip
source_row = table(
    "source_row", key("source_id"), key("source_key"), key("entity"), Column("object_id", Code, nullable=False),
    text("content_hash"), Column("load_id", Code, index=True),
)  # fmt: skip
outbox = table(
    "outbox", Column("seq", Integer, primary_key=True, autoincrement=True), text("topic", must=True),
    text("kind", must=True), plain("payload"), plain("place_ids"), instant("recorded_at", must=True),
)  # fmt: skip
user_account = table(
    "user_account", key("user_id"), Column("user_name", Code, nullable=False, unique=True), text("display_name"),
    text("name_en"), text("org_id"), text("password_hash"), flag("is_demo"),
)  # fmt: skip
session = table(
    "session", key("session_hash"), Column("user_id", Code, ForeignKey("user_account.user_id"), nullable=False),
    text("csrf", must=True), instant("created_at"), instant("expires_at"), text("acting"), text("address"),
    text("browser"), instant("seen_at"),
)  # fmt: skip
api_token = table(
    "api_token", key("token_id"), Column("token_hash", Code, nullable=False, unique=True), text("prefix", must=True),
    text("title", must=True), Column("user_id", Code, nullable=False, index=True), text("acting", must=True),
    plain("grant_ids"), text("role", must=True), text("lens", must=True), Column("place_id", Code),
    plain("other_place_ids"), plain("methods"), plain("subjects"),
    instant("created_at", must=True), instant("expires_at", must=True), instant("used_at"), instant("revoked_at"),
)  # fmt: skip
sign_in_link = table(
    "sign_in_link", key("issuer"), key("subject"), Column("user_id", Code, nullable=False, index=True),
    instant("linked_at", must=True),
)  # fmt: skip
access_grant = table(
    "access_grant", key("grant_id"), Column("user_id", Code, index=True), Column("post_id", Code, index=True),
    text("role", must=True), text("lens", must=True), Column("place_id", Code, index=True), text("org_id"),
    text("purpose"), instant("starts_at"), instant("expires_at"), text("granted_by"), instant("granted_at"),
    Column("delegated_from", Code, index=True), whole("version", must=True), instant("revoked_at"), text("revoked_by"),
)  # fmt: skip
post = table(
    "post", key("post_id"), Column("org_id", Code, nullable=False, index=True), text("title", must=True),
    Column("user_name", Code, index=True), text("holder_name"), *origin(),
)  # fmt: skip
duty = table(
    "duty", key("duty_id"), Column("org_id", Code, nullable=False, index=True), Column("post_id", Code, index=True),
    Column("place_id", Code, index=True), Column("user_name", Code, index=True), text("person_name", must=True),
    text("person_name_en"), text("phone"), text("can_do"), text("instead_of"), instant("starts_at", must=True),
    Column("ends_at", Instant, nullable=False, index=True), *origin(),
)  # fmt: skip
number_series = table("number_series", key("series"), whole("last_no", must=True))
city_fact = table("city_fact", key("fact"), text("told"))
pack_state = table(
    "pack_state", key("pack_id"), key("place_id"), Column("change_no", Integer, primary_key=True, nullable=False),
    text("stage"), text("changed_by"), instant("changed_at", must=True),
)  # fmt: skip
pack_use = table(
    "pack_use", key("pack_id"), key("place_id"), Column("used_on", Day, primary_key=True, nullable=False),
    whole("n_shown", must=True), whole("n_acted", must=True),
)  # fmt: skip
pack_feedback = table(
    "pack_feedback", key("feedback_id"), Column("pack_id", Code, nullable=False, index=True),
    text("panel_id", must=True), Column("place_id", Code, index=True), text("verdict", must=True),
    sealed("words", "feedback:feedback_id"), day("given_on", must=True),
)  # fmt: skip
erasure = table(
    "erasure", key("subject_id"), text("kind", must=True), text("cause", must=True), instant("erased_at", must=True),
    text("erased_by"), text("reason"),
)  # fmt: skip
# By which a sealed value is found exactly. Made anew from the values: no archive has it, or it could be guessed at.
sealed_index = table(
    "sealed_index", key("kind"), key("value_hash"),
    Column("subject_id", Code, primary_key=True, nullable=False, index=True),
)  # fmt: skip
count_release = table(
    "count_release", key("release_id"), Column("entity", Code, nullable=False, index=True),
    Column("audience", Code, nullable=False), whole("release_no", must=True), plain("edition_ids"),
    instant("counted_at", must=True), whole("k", must=True), whole("round_to", must=True),
    text("rule_set", must=True), whole("n_cells", must=True), whole("n_below", must=True),
    whole("n_withheld", must=True), whole("least_width"), text("content_hash", must=True),
)  # fmt: skip
released_cell = table(
    "released_cell", key("release_id"), key("place_id"), key("cut"), text("state", must=True), whole("shown_n"),
)  # fmt: skip
store_mark = table("store_mark", key("mark"), text("told"))
# What ``standing`` knows of where the objects of an entity stand, and the changes since. Found anew: no archive has it.
whole_standing = table(
    "whole_standing", key("entity"), key("edition_id"), day("since_on", must=True), whole("rank_first", must=True),
    whole("rank_last", must=True),
)  # fmt: skip
standing_change = table("standing_change", key("entity"), key("change_id"))
try_count = table(
    "try_count", key("key_hash"), Column("n_made", BigInteger, nullable=False),
    Column("over_at", Instant, nullable=False, index=True),
)  # fmt: skip
try_made = table(
    "try_made", key("key_hash"), Column("try_no", BigInteger, primary_key=True, nullable=False, autoincrement=False),
    instant("made_at", must=True),
)  # fmt: skip
# The chain of the audit (``engine/chain.py``) and the purposes that were stated.
audit_row = table(
    "audit_row", Column("seq", BigInteger, primary_key=True, nullable=False, autoincrement=False),
    whole("version", must=True), Column("done_at", Instant, nullable=False, index=True), text("act", must=True),
    Column("user_id", Code, nullable=False), text("role"), text("lens"), plain("grant_ids"),
    text("entity"), plain("fields"), whole("n_subjects", must=True), text("subject_hash", must=True),
    text("place_id"), text("purpose_id"), text("ticket"), text("address_hash"), text("route"), text("request_id"),
    plain("details"), text("prev_hash", must=True), text("row_hash", must=True),
    Index("ix_audit_row_user", "user_id", "done_at"),
)  # fmt: skip
audit_subject = table(
    "audit_subject", Column("seq", BigInteger, primary_key=True, nullable=False, autoincrement=False),
    Column("subject_no", Integer, primary_key=True, nullable=False, autoincrement=False), text("entity", must=True),
    Column("subject_id", Code, nullable=False), Column("place_id", Code, index=True),
    Index("ix_audit_subject_subject", "subject_id", "seq"),
)  # fmt: skip
purpose_taken = table(
    "purpose_taken", key("taking_id"), Column("user_id", Code, nullable=False, index=True),
    text("purpose_id", must=True), text("ticket"), text("about_entity", must=True), text("about_id", must=True),
    text("place_id"), instant("taken_at", must=True), instant("until_at", must=True), flag("is_confirmed"),
)  # fmt: skip
# The ferry of letters between an outside host and the city; both sides have the same tables.
ferry_peer = table(
    "ferry_peer", key("peer_id"), text("public_key", must=True), text("prefix"), whole("version", must=True),
    whole("chain_out", must=True), whole("seq_out", must=True), text("hash_out"), whole("acked_seq", must=True),
    whole("chain_in", must=True), whole("seq_in", must=True), text("hash_in"), flag("owes_ack"),
    whole("seen_chain"), whole("seen_seq"), text("reference_hash"), whole("event_seq"), instant("sent_at"),
    instant("taken_at"),
)  # fmt: skip
ferry_trip = table(
    "ferry_trip", key("peer_id"), key("direction"), Column("chain", Integer, primary_key=True, nullable=False),
    Column("seq", Integer, primary_key=True, nullable=False), text("file_name"), text("file_hash", must=True),
    whole("n_items", must=True), whole("n_bytes", must=True), instant("made_at", must=True), instant("written_at"),
    instant("acked_at"),
)  # fmt: skip
ferry_letter = table(
    "ferry_letter", key("letter_id"), Column("peer_id", Code, nullable=False, index=True),
    Column("case_no", Code, nullable=False, index=True), Column("given_no", Code, index=True),
    Column("case_id", Code, index=True), Column("state", Code, nullable=False, index=True),
    Column("key_hash", Code, index=True), text("code_hash"), text("content_hash"), text("sealed"),
    plain("file_ids"), instant("reported_at", must=True), plain("shown"), text("shown_hash"), whole("told_version"),
    flag("can_rate"), text("why"), text("why_zh"), text("why_en"), whole("chain"), whole("seq"),
)  # fmt: skip
ferry_rating = table(
    "ferry_rating", key("rating_id"), Column("letter_id", Code, nullable=False, index=True),
    Column("peer_id", Code, nullable=False, index=True), Column("state", Code, nullable=False, index=True),
    Column("key_hash", Code, index=True), text("content_hash"), text("sealed"), plain("answers"),
    instant("rated_at", must=True), text("why"), text("why_zh"), text("why_en"), whole("chain"), whole("seq"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EntityTable:
    """How one entity lies in the store.

    Attributes:
        table: Its table.
        anchor_entity: Entity name of its ``anchor`` rows; empty when it has none.
        anchor_column: Column that equals ``anchor.object_id``.
        place_column: Column that names the place itself; empty when it has none.
        is_spatial: Whether the four box columns are indexed.
    """

    table: Table
    anchor_entity: str = ""
    anchor_column: str = ""
    place_column: str = ""
    is_spatial: bool = False


ENTITY_TABLES: dict[str, EntityTable] = {
    t.name: EntityTable(t)
    for t in METADATA.sorted_tables
    if t.name
    not in {
        "number_series",
        "case_state",
        "store_mark",
        "whole_standing",
        "standing_change",
        "try_count",
        "try_made",
        "sealed_index",
        "access_grant",
    }
} | {
    "place": EntityTable(place, place_column="place_id", is_spatial=True),
    "building": EntityTable(building, "building", "building_id", is_spatial=True),
    **{
        t.name: EntityTable(t, "building", "building_id")
        for t in (unit, floor, dwelling, household, occupancy, person)
    },
    "organisation": EntityTable(organisation, "organisation", "org_id"),
    "component": EntityTable(component, "component", "component_id", is_spatial=True),
    "feature": EntityTable(feature, is_spatial=True),
    "case": EntityTable(case_state, "case", "case_id", is_spatial=True),
    **{t.name: EntityTable(t, "case", "case_id") for t in (case_step, case_words, case_contact, case_file)},
    "finding": EntityTable(finding, place_column="place_id"),
    "grant": EntityTable(access_grant, place_column="place_id"),
    "post": EntityTable(post, "organisation", "org_id"),
    "duty": EntityTable(duty, place_column="place_id"),
    **{
        t.name: EntityTable(t, place_column="place_id")
        for t in (pack_state, pack_use, pack_feedback, audit_subject)
    },
}
