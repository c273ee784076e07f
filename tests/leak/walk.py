"""Asks every operation of the OpenAPI document and reads the answers as an attacker would: all of them, decoded."""

import base64
import binascii
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from itertools import count
from random import Random
from typing import Any
from urllib.parse import quote, unquote

import httpx
from PIL import Image

from tests.leak.oracle import User
from tests.leak.towns import Planted

STREAM = "text/event-stream"
MOST_VALUES = 2
"""Values of its first parameter that an operation is asked with, drawn from those of the city."""
ALL_OF = {"/v1/entities/{entity}", "/v1/entities/{entity}/counts"}
"""Paths that are asked with every value of their parameter."""
BASE64 = re.compile(r"[A-Za-z0-9_-]{16,}")
GIVEN = re.compile(r'"(taking_id|token_id|session_id)":"([^"]+)"')
"""Ids that an answer gives and that are asked with later."""
OWN_POINT = {"/v1/locate"}
"""Answers that may repeat the point that was asked with."""
REGISTER = (b"/v1/buildings/", b"/v1/entities/dwelling", b"/v1/numbers/dwellings.")
"""Answers that tell all staff which homes there are; together with a case they would tell which one it is about."""


@dataclass(slots=True)
class Seen:
    """What a walk met.

    Attributes:
        leaks: Who saw what where, that they may not.
        reached: Kinds of canaries that reached somebody who may see them.
        answered: Operations → the statuses they gave.
        n_requests: Requests.
        n_bytes: Bytes of bodies, unpacked.
    """

    leaks: list[str] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)
    answered: dict[str, set[int]] = field(default_factory=dict)
    n_requests: int = 0
    n_bytes: int = 0


class Walker:
    """One reader who asks for everything."""

    def __init__(
        self, client: httpx.Client, user: User, towns: list[Planted], seen: Seen, draw: Random
    ) -> None:
        self.client, self.user, self.own, self.towns = client, user, towns[0], towns
        self.seen, self.draw = seen, draw
        self._read: set[int] = set()
        self._key = count()
        # The pools of this reader: what it can learn of the figures and layers that are there.
        layers, numbers = client.get("/v1/layers").json(), client.get("/v1/numbers").json()
        self.pools = towns[0].pools | {
            "layer_id": [one["layer_id"] for one in layers] if isinstance(layers, list) else [],
            "number_id": [one["number_id"] for one in numbers] if isinstance(numbers, list) else [],
        }

    def ask(self, operation: str, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask, and look through all of the answer."""
        answer = self.client.request(method, path, **more)
        assert answer.status_code < 500 or answer.status_code == 503, (method, path, answer.text)
        self.seen.answered.setdefault(operation, set()).add(answer.status_code)
        self.seen.n_requests += 1
        self.seen.n_bytes += len(answer.content)
        asked = json.dumps(more.get("json"), ensure_ascii=False)
        sent = f"{unquote(str(answer.request.url))} {asked} {more.get('headers')}".encode()
        self.look(operation, answer, sent)
        for name, value in GIVEN.findall(answer.text) if answer.status_code < 300 else ():
            if value not in self.pools.setdefault(name, []):
                self.pools[name] = [*self.pools[name], value]
        return answer

    def look(self, operation: str, answer: httpx.Response, sent: bytes = b"") -> None:
        """Note every canary in an answer: head, body, and what is packed inside it."""
        head = unquote(str(sorted(answer.headers.multi_items()))).encode()
        key = hash((head.partition(b"x-request-id")[0], answer.content))
        if key in self._read:
            return
        self._read.add(key)
        self.scan(operation, head + b"\n" + readings(answer.content), sent)

    def scan(self, where: str, content: bytes, sent: bytes = b"") -> None:
        """Note every canary in some bytes that this reader may not see, unless it was asked with."""
        for town in self.towns:
            for canary in town.canaries:
                if canary.told not in content or canary.told in sent:
                    continue
                if canary.kind == "point" and where.rpartition(" ")[2] in OWN_POINT:
                    continue
                if canary.case_id and canary.case_id not in content and any(one in sent for one in REGISTER):
                    continue
                if town is self.own and town.may_see(self.user, canary):
                    self.seen.reached.add(canary.kind)
                    continue
                told = canary.told.decode(errors="replace")
                self.seen.leaks.append(
                    f"{self.user} saw {canary.kind} {told!r} of {canary.place_id} by {where}"
                )

    def walk(self, document: Mapping[str, Any], *, is_changing: bool) -> None:
        """Ask all operations that only read, or all that change something; what ends the session comes last."""
        found = [
            (path, method, told)
            for path, methods in document["paths"].items()
            for method, told in methods.items()
            if (method != "get") == is_changing
            and STREAM not in told["responses"].get("200", {}).get("content", {})
        ]
        last = ["/v1/sessions", "/v1/session"]
        found.sort(key=lambda one: (one[1] == "delete", one[0] in last and last.index(one[0]) + 1, one[0]))
        for path, method, told in found:
            for full, more in self.questions(document, path, told):
                self.ask(f"{method.upper()} {path}", method.upper(), full, **more)

    def questions(
        self, document: Mapping[str, Any], path: str, told: Mapping[str, Any]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield how to ask one operation: with ids of the whole city, whoever asks."""
        asked = told.get("parameters", [])
        first = next((p for p in asked if p["in"] == "path"), None)
        values = [""] if first is None else self.values(first)
        n_values = len(values) if path in ALL_OF else MOST_VALUES
        chosen = values if len(values) <= n_values else self.draw.sample(values, n_values)
        content = told.get("requestBody", {}).get("content", {})
        for n, value in enumerate(chosen):
            put: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}}
            for p in asked:
                # Every other question has only what must be there: the widest answer.
                if (
                    p is first
                    or p["in"] == "path"
                    or p.get("required")
                    or (n % 2 and self.draw.random() < 0.3)
                ):
                    drawn = value if p is first else self.draw.choice(self.values(p))
                    put[p["in"]][p["name"]] = drawn
            full = path.format_map({name: quote(str(v), safe="") for name, v in put["path"].items()})
            headers = {name: quote(str(value)) for name, value in put["header"].items()}
            more: dict[str, Any] = {"params": put["query"], "headers": headers}
            if "application/json" in content:
                more["json"] = self.form(document, content["application/json"]["schema"], "")
            elif "multipart/form-data" in content:
                more["files"] = {"file": ("a.png", a_picture(), "image/png")}
            yield full, more

    def values(self, parameter: Mapping[str, Any]) -> list[Any]:
        """Return what a parameter can be asked with: values of the city, else of its schema."""
        name, schema = parameter["name"], parameter.get("schema", {})
        if self.pools.get(name):
            return self.pools[name]
        examples = list(schema.get("examples", ()))
        return examples or [self.form({}, schema, name)]

    def form(self, document: Mapping[str, Any], schema: Mapping[str, Any], name: str) -> Any:
        """Return a value of a schema, with ids of the city where a field has the name of one."""
        while "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        if "anyOf" in schema or "oneOf" in schema:
            options = [one for one in schema.get("anyOf") or schema["oneOf"] if one.get("type") != "null"]
            return self.form(document, options[0], name) if options else None
        if name == "idempotency_key":
            return f"walk-{self.user.name or 'public'}-{next(self._key):06d}"
        if "const" in schema or "enum" in schema:
            return schema.get("const", self.draw.choice(schema.get("enum", [None])))
        if schema.get("examples") and name not in self.pools:
            return self.draw.choice(schema["examples"])
        kind = schema.get("type")
        if kind == "object" or "properties" in schema:
            must = set(schema.get("required", ()))
            return {
                key: self.form(document, inner, key)
                for key, inner in schema.get("properties", {}).items()
                if key in must or self.draw.random() < 0.4
            }
        if kind == "array":
            n_items = max(schema.get("minItems", 0), min(1, schema.get("maxItems", 1)))
            return [
                self.form(document, schema.get("items", {}), name.removesuffix("s")) for _ in range(n_items)
            ]
        if kind in {"integer", "number"}:
            return max(schema.get("minimum", 1), min(3, schema.get("maximum", 3)))
        if kind == "boolean":
            return self.draw.random() < 0.5
        if self.pools.get(name):
            return self.draw.choice(self.pools[name])
        return "问一问".ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength", 60)]


def readings(content: bytes) -> bytes:
    """Return some bytes with all that can be read in them: escapes undone, packed words unpacked."""
    text = content.decode(errors="replace")
    found = [content]
    if "\\u" in text:
        try:
            found.append(json.dumps(json.loads(text), ensure_ascii=False).encode())
        except ValueError:
            found.append(text.encode().decode("unicode_escape", errors="replace").encode())
    if "&#" in text or "&quot" in text:
        found.append(html.unescape(text).encode())
    for word in set(BASE64.findall(text)) if len(text) < 100_000 else ():
        try:
            found.append(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        except (ValueError, binascii.Error):
            continue
    return b"\n".join(found)


@cache
def a_picture() -> bytes:
    """Return a small picture to send."""
    told = BytesIO()
    Image.new("RGB", (8, 6), (20, 90, 160)).save(told, "PNG")
    return told.getvalue()
