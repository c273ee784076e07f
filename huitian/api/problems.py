"""Problems of RFC 9457: the one place where an error becomes an answer, and how they are documented."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from huitian.api.language import language_of
from huitian.api.missing import is_for_person, missing_page
from huitian.errors import (
    CsrfMissing,
    HuitianError,
    InternalFault,
    InvalidInput,
    MethodNotAllowed,
    NotAllowed,
    NotFound,
    NotSignedIn,
    ServerBusy,
    StoreBusy,
    TooLarge,
    TooManyRequests,
)

MEDIA_TYPE = "application/problem+json"

SAMPLE: Mapping[str, object] = {
    "field": "body", "why": "…", "entity": "case", "object_id": "c0ffee", "retry_after_s": 60,
    "expected_version": 3, "actual_version": 4, "actual": 31_457_280, "limit": 12_582_912, "path": "/v1/city",
    "method": "PATCH", "waited_s": 10, "trace_id": "4f1d", "place_id": "admin:110199001", "at": "2026-02-14",
    "number_id": "cases.open", "state": "closed", "action": "dispatch", "value": "2026-02-14T09:00:00",
    "idempotency_key": "7c9e6679",
}  # fmt: skip
"""Facts for the examples in the OpenAPI document."""

PROBLEM_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "description": "What went wrong (RFC 9457), in both languages; further members are the facts of the error.",
    "required": ["type", "title", "status", "code", "detail", "detail_zh", "detail_en"],
    "properties": {
        "type": {"type": "string", "description": "Page of the error."},
        "title": {"type": "string", "description": "What this kind of error is."},
        "status": {"type": "integer", "description": "HTTP status."},
        "code": {"type": "string", "description": "Stable code."},
        "detail": {"type": "string", "description": "What happened, in the language of Accept-Language."},
        "detail_zh": {"type": "string", "description": "What happened, in Chinese."},
        "detail_en": {"type": "string", "description": "What happened, in English."},
        "what_to_do": {"type": "string", "description": "What to do, in the language of Accept-Language."},
        "what_to_do_zh": {"type": "string", "description": "What to do, in Chinese."},
        "what_to_do_en": {"type": "string", "description": "What to do, in English."},
    },
    "additionalProperties": True,
}

Responses = dict[int | str, dict[str, Any]]


def problems(*errors: type[HuitianError], is_open: bool = False, is_change: bool = False) -> Responses:
    """Return the documented problems of an operation, as FastAPI takes them.

    Args:
        errors: What this operation can raise beside what all can.
        is_open: Whether it needs nobody to be signed in.
        is_change: Whether it changes something for a signed-in user.
    """
    found: list[type[HuitianError]] = [InvalidInput, *errors]
    if not is_open:
        found += [NotSignedIn, NotAllowed]
    if is_change:
        found += [CsrfMissing, StoreBusy]
    by_status: dict[int, list[type[HuitianError]]] = {}
    unique: dict[type[HuitianError], None] = dict.fromkeys([*found, InternalFault])
    for error in unique:
        by_status.setdefault(error.status, []).append(error)
    return {status: _documented(same) for status, same in sorted(by_status.items())}


def _documented(errors: Sequence[type[HuitianError]]) -> dict[str, Any]:
    examples = {}
    for error in errors:
        facts = {name: SAMPLE[name] for name in error.fact_names() if name in SAMPLE}
        examples[error.code] = {"summary": error.title(), "value": error(**facts).problem("en")}
    return {
        "description": " ".join(error.title() for error in errors),
        "content": {
            MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples},
        },
    }


def problem_response(request: Request, error: HuitianError) -> Response:
    """Return the answer to an error, in the language of the request; a page, where a person misses one."""
    state = request.scope.get("state", {})
    if isinstance(error, NotFound) and is_for_person(request):
        state["problem_code"] = error.code
        return missing_page(request)
    error = without_place(error)
    if isinstance(error, NotAllowed) and state.get("is_nobody"):
        # Nobody is signed in: signing in is what helps, not another role.
        error = NotSignedIn()
    body = error.problem(language_of(request.headers.get("accept-language", "")))
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Language, Cookie"}
    if isinstance(error, TooManyRequests | ServerBusy):
        headers["Retry-After"] = str(error.facts.get("retry_after_s", 60))
    state["problem_code"] = error.code
    return JSONResponse(body, status_code=error.status, headers=headers, media_type=MEDIA_TYPE)


def without_place(error: HuitianError) -> HuitianError:
    """Return a trouble of the store as anybody may read it: without the path or the address where it lies."""
    if not error.code.startswith("store_") or "where" not in error.facts:
        return error
    facts = {name: fact for name, fact in error.facts.items() if name != "where"}
    return type(error)(**facts, where_zh="数据库", where_en="the store")


def of_validation(faults: Sequence[Any]) -> InvalidInput:
    """Return the error of what FastAPI refused: the first field and why, without the value that was sent."""
    named = [(_field(fault), str(fault.get("msg", "")), str(fault.get("type", ""))) for fault in faults]
    field, why, kind = named[0] if named else ("body", "it cannot be read", "")
    return InvalidInput(
        field=field,
        why=why,
        why_zh=WHY_ZH.get(kind, why),
        why_en=why,
        fields=[{"field": name, "why": words} for name, words, _ in named[:20]],
    )


WHY_ZH = {
    "missing": "必须填写",
    "json_invalid": "不是合法的 JSON",
    "string_type": "应为文字",
    "string_too_short": "太短",
    "string_too_long": "太长",
    "string_unicode": "含有无法保存的字符",
    "bool_type": "应为是或否",
    "bool_parsing": "应为是或否",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "float_parsing": "应为数字",
    "float_type": "应为数字",
    "finite_number": "应为有限的数字",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "literal_error": "不在可选值之内",
    "list_type": "应为列表",
    "dict_type": "应为对象",
    "too_long": "太多",
    "unexpected_keyword_argument": "没有这个字段",
}
"""Chinese for the reasons that a form can meet; others stay in English."""


def _field(fault: Mapping[str, Any]) -> str:
    where = [str(part) for part in fault.get("loc", ())]
    if where and where[0] in {"body", "query", "path", "header"}:
        where = where[1:]
    if where and where[-1].isdigit() and fault.get("type") == "json_invalid":
        return "body"
    return ".".join(where)[:120] or "body"


def of_http(request: Request, error: HTTPException) -> HuitianError:
    """Return the error of what Starlette or FastAPI answered by status."""
    cause = error.__cause__
    if isinstance(cause, HuitianError):
        return cause
    if error.status_code == 405:
        return MethodNotAllowed(method=request.method, path=request.url.path[:200])
    if error.status_code == 404:
        return NotFound(entity="address", object_id=request.url.path[:200])
    if error.status_code == 413:
        return TooLarge(field="body")
    return InvalidInput(field="body", why=str(error.detail), why_zh="读不出", why_en=str(error.detail))


def add_problem_answers(app: FastAPI) -> None:
    """Make every error of a server a problem; what is not foreseen is caught in ``access``."""

    async def of_ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, HuitianError)  # noqa: S101
        return problem_response(request, error)

    async def of_fastapi(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        return problem_response(request, of_validation(error.errors()))

    async def of_starlette(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        return problem_response(request, of_http(request, error))

    app.add_exception_handler(HuitianError, of_ours)
    app.add_exception_handler(RequestValidationError, of_fastapi)
    app.add_exception_handler(HTTPException, of_starlette)
