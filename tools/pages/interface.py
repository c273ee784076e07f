"""docs/reference/api.md and web/openapi.json: the HTTP interface as the server describes it."""

import importlib
import json
from itertools import groupby
from typing import Any

from tools.pages import NOTE, head, row

INTRODUCTION = """# 接口 · HTTP interface

全文见服务器的 `/openapi.json`。错误一律是 [`application/problem+json`](../errors/README.md)。
The full description is the server's `/openapi.json`. Problems are [`application/problem+json`](../errors/README.md).
"""
METHODS = ("get", "post", "put", "patch", "delete")


def pages() -> dict[str, str]:
    """Return the page and the document from which the client of the screens is made."""
    document: dict[str, Any] = importlib.import_module("huitian.api.server").openapi_document()
    text = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    return {"docs/reference/api.md": page(document), "web/openapi.json": f"{text}\n"}


def page(document: dict[str, Any]) -> str:
    """Return the page of an OpenAPI document: one table a tag, one row a route."""
    routes = [
        ((route.get("tags") or ["server"])[0], path, method, route)
        for path, methods in document["paths"].items()
        for method, route in methods.items()
        if method in METHODS
    ]
    lines = [NOTE, INTRODUCTION]
    for tag, of_tag in groupby(sorted(routes, key=lambda one: one[:3]), key=lambda one: one[0]):
        lines += [f"## {tag}", "", *head("请求 request", "含义 what", "参数 parameters")]
        lines += [
            row(f"`{method.upper()} {path}`", route.get("summary", ""), _parameters(route))
            for _, path, method, route in of_tag
        ]
        lines.append("")
    return "\n".join(lines)


def _parameters(route: dict[str, Any]) -> str:
    names = [one["name"] for one in route.get("parameters", []) if one.get("in") == "query"]
    return ", ".join(f"`{name}`" for name in names)
