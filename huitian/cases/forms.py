"""Forms: the JSON Schema of one action, and the check of what was filled in against it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from huitian.errors import InvalidInput

FILES = {"type": "array", "items": {"type": "string", "pattern": "^[0-9a-f]{64}$"}, "uniqueItems": True}
NO_FILES = {"type": "array", "maxItems": 0}


def form_of(
    facts: Mapping[str, Any], words: Mapping[str, Any], files: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return the JSON Schema of ``{facts, words, file_ids}`` from the field tables of a ladder file.

    Args:
        facts: Field name → table with ``title`` and JSON Schema keywords; ``required = true`` makes it a must.
        words: The same for texts that are personal.
        files: Table of the photos; None where the action takes none.

    Returns:
        A schema whose fields carry ``title_zh`` and ``title_en``; enumerations carry ``enum_zh`` and ``enum_en``.
    """
    parts: dict[str, Any] = {"facts": _object(facts, {}), "words": _object(words, {"type": "string"})}
    parts["file_ids"] = NO_FILES if files is None else FILES | _field(files, {})
    needs = [part for part in ("facts", "words") if parts[part].get("required")]
    return {"type": "object", "properties": parts, "required": needs, "additionalProperties": False}


def _object(fields: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: _field(field, defaults) for name, field in fields.items()},
        "required": [name for name, field in fields.items() if field.get("required")],
        "additionalProperties": False,
    }


def _field(field: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    title = field.get("title", {})
    rest = {name: value for name, value in field.items() if name not in {"title", "required"}}
    return {**defaults, "title_zh": title.get("zh", ""), "title_en": title.get("en", ""), **rest}


def check_form(
    schema: Mapping[str, Any], facts: Mapping[str, Any], words: Mapping[str, str], file_ids: Sequence[str]
) -> None:
    """Refuse what does not fit the form.

    Raises:
        InvalidInput: Names the field and says in both languages what is wrong with it. What was filled in is
            not repeated: it may be personal.
    """
    filled = {"facts": dict(facts), "words": dict(words), "file_ids": list(file_ids)}
    error = best_match(_validator(msgspec.json.encode(schema)).iter_errors(filled))
    if error is not None:
        field, why_zh, why_en = explain(error)
        raise InvalidInput(field=field, why=why_en, why_zh=why_zh, why_en=why_en)


@lru_cache(maxsize=256)
def _validator(schema: bytes) -> Draft202012Validator:
    return Draft202012Validator(msgspec.json.decode(schema))


def explain(error: ValidationError) -> tuple[str, str, str]:
    """Return ``(field, why in Chinese, why in English)`` of a schema error, without the value."""
    path = [str(part) for part in error.absolute_path]
    rule = str(error.validator)
    limit: Any = error.validator_value
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    if rule == "required":
        there = error.instance if isinstance(error.instance, Mapping) else {}
        missing = [name for name in limit if name not in there]
        named = schema.get("properties", {}).get(missing[0], {})
        zh, en = named.get("title_zh") or missing[0], named.get("title_en") or missing[0]
        return ".".join([*path, missing[0]]), f"“{zh}”必须填写", f"{en} must be filled in"
    if rule == "additionalProperties":
        there = error.instance if isinstance(error.instance, Mapping) else {}
        extra = sorted(set(there) - set(schema.get("properties", {})))
        known = sorted(schema.get("properties", {}))
        return (
            ".".join([*path, extra[0][:40]]),
            f"表单没有这一项；可填：{'、'.join(known) or '无'}",
            f"the form has no such field; it has: {', '.join(known) or 'none'}",
        )
    field = ".".join(path) or "facts"
    zh, en = schema.get("title_zh") or field, schema.get("title_en") or field
    size = len(error.instance) if isinstance(error.instance, str | list) else None
    says = {
        "type": (f"“{zh}”应为 {limit} 类型", f"{en} must be of the type {limit}"),
        "enum": (f"“{zh}”只能取：{_listed(limit)}", f"{en} must be one of: {_listed(limit)}"),
        "minLength": (
            f"“{zh}”至少 {limit} 字，现有 {size} 字",
            f"{en} needs {limit} characters, it has {size}",
        ),
        "maxLength": (
            f"“{zh}”最多 {limit} 字，现有 {size} 字",
            f"{en} takes {limit} characters, it has {size}",
        ),
        "minimum": (f"“{zh}”不能小于 {limit}", f"{en} must not be below {limit}"),
        "maximum": (f"“{zh}”不能大于 {limit}", f"{en} must not be above {limit}"),
        "maxItems": (f"“{zh}”最多 {limit} 个，现有 {size} 个", f"{en} takes {limit}, there are {size}"),
        "minItems": (f"“{zh}”至少 {limit} 个，现有 {size} 个", f"{en} needs {limit}, there are {size}"),
        "pattern": (f"“{zh}”的格式不对", f"{en} is not of the right form"),
        "uniqueItems": (f"“{zh}”有重复", f"{en} has the same item twice"),
    }
    zh_says, en_says = says.get(rule, (f"“{zh}”不符合 {rule}", f"{en} breaks the rule {rule}"))
    return field, zh_says, en_says


def _listed(values: object) -> str:
    return ", ".join(map(str, values)) if isinstance(values, list) else str(values)
