"""What a JSON Schema refuses, in words of both languages."""

from typing import Any

from jsonschema.exceptions import ValidationError

from huitian.plugin.faults import pointer_of

LONGEST = 120


def told(error: ValidationError) -> tuple[str, str, str]:
    """Return the pointer, the Chinese and the English words of one refusal."""
    limit: Any = error.validator_value
    schema: Any = error.schema
    whole: Any = error.instance
    pointer, value = pointer_of(error.absolute_path), short(whole)
    match error.validator:
        case "not":  # a member that belongs to another kind
            name = pointer.rpartition("/")[2]
            return pointer, f"这一种类没有“{name}”", f"this kind has no {name!r}"
        case "required":
            name = next((n for n in limit if f"'{n}'" in error.message.split(" ")[0]), str(limit))
            return pointer, f"缺少“{name}”", f"{name!r} is missing"
        case "additionalProperties":
            known = ", ".join(sorted(schema["properties"]))
            extra = sorted(set(whole) - set(schema["properties"]))
            names = ", ".join(repr(name) for name in extra)
            return (
                f"{pointer}{pointer_of(extra[:1])}",
                f"没有这个成员 {names}；可用：{known}",
                f"unknown {names}; known: {known}",
            )
        case "enum":
            known = ", ".join(map(str, limit))
            return pointer, f"{value} 不可用；可用：{known}", f"{value} is not one of {known}"
        case "const":
            return pointer, f"应为 {short(limit)}，现为 {value}", f"{value} is not {short(limit)}"
        case "type":
            return pointer, f"{value} 的类型不对，应为 {limit}", f"{value} is not of the type {limit}"
        case "pattern":
            return pointer, f"{value} 的写法不对，应符合 {limit}", f"{value} does not look like {limit}"
        case "minItems" | "maxItems" | "minProperties" | "maxProperties":
            zh, en = ("至少", "at least") if str(error.validator).startswith("min") else ("最多", "at most")
            name = str(error.absolute_path[-1]) if error.absolute_path else "panel.json"
            n = len(whole)
            return pointer, f"“{name}”{zh} {limit} 项，现有 {n} 项", f"{name} has {n} entries, {en} {limit}"
        case "uniqueItems":
            return pointer, f"有重复的项：{value}", f"an entry stands twice: {value}"
        case "minimum" | "maximum":
            zh, en = ("小于", "below") if error.validator == "minimum" else ("大于", "above")
            return pointer, f"{value} {zh} {limit}", f"{value} is {en} {limit}"
        case _:
            return pointer, f"不合规则：{error.message[:300]}", error.message[:300]


def short(value: Any) -> str:
    """Return a value as it may stand in a sentence."""
    said = repr(value)
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"
