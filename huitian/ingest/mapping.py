"""A mapping: how the columns of one file become rows of one entity. Data, never code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from huitian.ingest.targets import ValueKind
from huitian.model.place import Level

MISSING = ("", "-", "--", "—", "——", "/", "NULL", "null", "None", "N/A", "n/a", "#N/A", "\\N")
"""What counts as missing where a column does not say."""


CONTENT = "content"
"""Key of rows that have none: a hash of the whole row, so that the same row is the same object."""


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Where one column of the city comes from.

    Attributes:
        name: Column of the city, or name of an attribute.
        kind: Kind of its values.
        sources: Columns of the file, the first that is not missing counts; empty with ``value`` or ``template``.
        template: Text with columns of the file in braces, ``{jd_id}{sq_id:03}``; missing if one of them is.
        value: The same value for every row.
        formats: How dates are written, as in ``strptime``; empty tries the usual ones.
        missing: Texts that mean "not known".
        is_must: Whether a row without it is rejected.
        codes: Word of the file → word of the city; empty takes words as they are.
        unknown: What to do with a word that is not in ``codes``.
        pattern: Regular expression; its first group, or the whole match, is what counts.
        unit: Unit of the file, where the catalogue has another.
        unit_into: Unit of the catalogue, where ``unit`` is said.
        most_chars: Longest text; 0 means the limit of the entity.
    """

    name: str
    kind: ValueKind
    sources: tuple[str, ...] = ()
    template: str = ""
    value: Any = None
    formats: tuple[str, ...] = ()
    missing: tuple[str, ...] = MISSING
    is_must: bool = False
    codes: Mapping[str, Any] = field(default_factory=dict)
    unknown: Literal["reject", "keep", "missing"] = "reject"
    pattern: str = ""
    unit: str = ""
    unit_into: str = ""
    most_chars: int = 0

    @property
    def said(self) -> str:
        """What a person calls it: the column of the file where there is one, else the column of the city."""
        return self.sources[0] if self.sources else self.name


@dataclass(frozen=True, slots=True)
class StepMap:
    """A step of a letter's story, taken from columns of the same row.

    Attributes:
        action: Action of the ladder.
        at: Column with its time; with ``undated`` it may be missing.
        when: Columns of which one must not be missing for the step to have happened.
        org: Column with the name of the organisation; empty where it has none.
        org_id: Column with the id of the organisation; empty where it has none.
        words: Field of the step → column.
        facts: Fact of the step → column.
        undated: What happens to a step that has no time: it is left out, or stands at the time of the letter.
    """

    action: str
    at: str
    when: tuple[str, ...]
    org: str = ""
    org_id: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    undated: Literal["leave_out", "at_report"] = "leave_out"


@dataclass(frozen=True, slots=True)
class RowMap:
    """The mapping of one file.

    Attributes:
        file_name: Where it was read from; ``(guessed)`` where it was not.
        map_hash: SHA-256 of what it says; comments do not count.
        source_id: Name of the source; the same name and key is the same row.
        entity: Entity of the catalogue.
        key: Columns of the city that make the key; ``("content",)`` where rows have none.
        columns: Columns of the city.
        attributes: Other attributes.
        tree: Tree of the places, or tree that ``place_code`` belongs to.
        tree_titles: Title of the tree in Chinese and English, where it is to be made.
        level: Level of the places.
        layer: Layer of the features.
        layer_titles: Title of the layer in Chinese and English.
        is_amending: Whether rows only add to objects that are there.
        keeps_rest: Whether columns that the mapping does not name become attributes.
        ignores: Columns that are left out on purpose.
        datum: Datum of the coordinates.
        crs: Projected reference system; empty for degrees.
        is_mending: Whether outlines that cross themselves are mended.
        options: Options of the source.
        steps: Steps of letters.
    """

    file_name: str
    map_hash: str
    source_id: str
    entity: str
    key: tuple[str, ...]
    columns: Mapping[str, ColumnMap]
    attributes: Mapping[str, ColumnMap] = field(default_factory=dict)
    tree: str = ""
    tree_titles: tuple[str, str] = ("", "")
    level: Level | None = None
    layer: str = ""
    layer_titles: tuple[str, str] = ("", "")
    is_amending: bool = False
    keeps_rest: bool = False
    ignores: tuple[str, ...] = ()
    datum: str = "wgs84"
    crs: str = ""
    is_mending: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[StepMap, ...] = ()

    def said(self, name: str) -> str:
        """Return what a person calls a column of the city: the column of the file where there is one."""
        column = self.columns.get(name)
        return column.said if column else name

    def file_columns(self) -> dict[str, bool]:
        """Return the columns of the file that it reads, and whether it cannot do without each."""
        found: dict[str, bool] = {}
        for column in (*self.columns.values(), *self.attributes.values()):
            for name in column.sources or names_in_template(column.template):
                alone = len(column.sources) < 2
                found[name] = found.get(name, False) or (
                    alone and (column.is_must or column.name in self.key)
                )
        return found


def names_in_template(template: str) -> tuple[str, ...]:
    """Return the columns that a template names."""
    from string import Formatter

    return tuple(name for _, name, _, _ in Formatter().parse(template) if name)
