"""Reads a GeoJSON FeatureCollection; the whole file is held in memory, so its size is bounded."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from huitian.errors import FileUnreadable
from huitian.sources.plain_json import read_json
from huitian.sources.rows import Fault, OpenedFile, SourceRow


def open_file(path: Path, options: Mapping[str, Any]) -> OpenedFile:
    """Open a FeatureCollection, or a single Feature.

    Args:
        path: The file.
        options: ``encoding``; see ``manifest.toml``.

    Returns:
        The opened file. Columns are the properties of all features, ``id`` where features have one, and
        ``geometry``: the plain GeoJSON geometry, None where a feature has none. ``row_no`` counts features
        from 1. A property that is itself called ``geometry`` or ``id`` gives way to the feature's own.

    Raises:
        FileUnreadable: Empty, too large, not JSON, or not GeoJSON with features.
    """
    told, encoding = read_json(path, options["encoding"])
    features = told.get("features") if isinstance(told, dict) else None
    if isinstance(told, dict) and told.get("type") == "Feature":
        features = [told]
    if not isinstance(features, list):
        raise FileUnreadable(
            file_name=path.name,
            why_zh="不是 FeatureCollection：缺少 features。普通 JSON 表请用来源 json。",
            why_en="it is not a FeatureCollection: features is missing. For a table in JSON use the source json.",
        )
    columns: dict[str, None] = {}
    has_id = False
    for feature in features:
        if isinstance(feature, dict) and isinstance(feature.get("properties"), dict):
            columns.update(dict.fromkeys(feature["properties"]))
        has_id = has_id or (isinstance(feature, dict) and feature.get("id") is not None)
    names = tuple(columns | ({"id": None} if has_id else {}) | {"geometry": None})
    facts = {"encoding": encoding, **_named_crs(told)}

    def rows() -> Iterator[SourceRow]:
        for row_no, feature in enumerate(features, 1):
            if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
                why = {"why_zh": "不是 Feature 对象", "why_en": "it is not a Feature object"}
                yield SourceRow(row_no, {"…": feature}, Fault("bad_geometry", why))
                continue
            values = dict.fromkeys(names) | (feature.get("properties") or {})
            values["geometry"] = feature.get("geometry")
            if feature.get("id") is not None:
                values["id"] = feature["id"]
            yield SourceRow(row_no, values)

    return OpenedFile(names, len(features), facts, rows)


def _named_crs(told: Any) -> dict[str, str]:
    """Return the reference system of files older than RFC 7946, so that a mapping can be checked against it."""
    crs = told.get("crs") if isinstance(told, dict) else None
    name = crs.get("properties", {}).get("name") if isinstance(crs, dict) else None
    return {"crs": name} if isinstance(name, str) else {}
