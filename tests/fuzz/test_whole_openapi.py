"""Every operation of the OpenAPI document, asked with what its own schemas generate: valid, and broken on purpose.

No answer is a server error, and each has a status, a content type, headers and a body that the document tells.
The same examples in every run. ``HUITIAN_PROVE=1`` asks ten times as many.
"""

import os
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from huitian.api.server import openapi_document
from huitian.app.demo import open_demo
from huitian.settings import read_settings
from tests.api.serving import Served, serving
from tests.servers.small_city import make_small_city
from tests.waiting import WAIT_S

pytestmark = pytest.mark.fuzz

N_EXAMPLES = dict.fromkeys(("dispatcher", "nobody"), 20)
"""Examples of each operation."""
if os.environ.get("HUITIAN_PROVE"):
    N_EXAMPLES = dict.fromkeys(N_EXAMPLES, 200)
PATIENT = {"lockout_tries": 1_000_000, "max_wrong_codes_per_h": 1_000_000}
"""Limits that end no run: each has a test of its own."""
DOCUMENT = openapi_document()
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
STREAM = "stream_events"
"""Never ends: only its head is read."""
OWN_SESSION = {
    "start_session", "end_session", "end_sessions", "end_one_session", "act_as", "change_own_password",
}  # fmt: skip
"""May end the session that asks, so that each example has a session, and all of them an account of their own."""
CHECKS = [
    status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance,
]  # fmt: skip
OPERATIONS = [
    pytest.param(path, method, told["operationId"], id=told["operationId"])
    for path, methods in DOCUMENT["paths"].items()
    for method, told in methods.items()
]


class Asker:
    """One reader of the city."""

    def __init__(self, served: Served, user_name: str | None) -> None:
        self.served, self.user_name = served, user_name
        self.session = requests.Session()
        self.headers: dict[str, str] = {}

    def sign_in(self) -> None:
        """Begin a session, whatever became of the last one."""
        self.session = requests.Session()
        if self.user_name is None:
            return
        address = f"{self.served.base}/v1/session"
        password = self.session.get(address, timeout=WAIT_S).json()["demo_users"][0]["password"]
        names = {"user_name": self.user_name, "password": password}
        answer = self.session.post(address, json=names, timeout=WAIT_S)
        assert answer.status_code == 200, answer.text
        self.headers = {"X-CSRF-Token": answer.json()["csrf"]}

    def signed_in_as(self) -> str | None:
        """Return who the city says this is."""
        told = self.session.get(f"{self.served.base}/v1/session", timeout=WAIT_S).json()
        return told["user"]["user_name"] if told["user"] else None

    def ask(self, case: schemathesis.Case) -> None:
        """Ask one example, and hold the answer against the document."""
        operation_id = case.operation.definition.raw["operationId"]
        if operation_id in OWN_SESSION:
            self.sign_in()
        if operation_id == STREAM:
            self.ask_for_the_head(case)
            return
        answer = case.call(
            base_url=self.served.base, session=self.session, headers=self.headers, timeout=WAIT_S
        )
        assert answer.status_code < 500, (case.as_curl_command(), answer.status_code, answer.content[:2000])
        case.validate_response(answer, checks=CHECKS)

    def ask_for_the_head(self, case: schemathesis.Case) -> None:
        """Ask for a stream, and end it when its head is there."""
        asking = case.as_transport_kwargs(base_url=self.served.base, headers=self.headers)
        with self.session.request(**asking, timeout=WAIT_S, stream=True) as answer:
            content = DOCUMENT["paths"]["/v1/stream"]["get"]["responses"][str(answer.status_code)]["content"]
            assert answer.status_code < 500, case.as_curl_command()
            assert answer.headers["content-type"].partition(";")[0] in content


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a small city of its own: what is generated changes it."""
    home: Path = tmp_path_factory.mktemp("openapi") / "demo"
    make_small_city(home, **PATIENT)
    city = open_demo(home, read_settings(home))
    with serving(city) as running:
        yield running
    city.close()


KNOWN_FROM = {
    "case_id": "/v1/cases", "case_no": "/v1/cases", "place_id": "/v1/places", "layer_id": "/v1/layers",
    "number_id": "/v1/numbers", "entity": "/v1/entities",
    "building_id": "/v1/entities/building", "dwelling_id": "/v1/entities/dwelling",
}  # fmt: skip
"""Where names are that the city knows; generated ones are never."""


@pytest.fixture(scope="module")
def known(served: Served) -> dict[str, list[str]]:
    """Return names that are in the city, by the parameters that take them."""
    with served.signed_in("dispatcher") as client:
        found = {name: told(name, client.get(path).json()) for name, path in KNOWN_FROM.items()}
    assert not [name for name, names in found.items() if not names]
    return {**found, "place": found["place_id"], "pack_id": ["mailbox"]}


def told(name: str, answer: Any) -> list[str]:
    """Return every value that has this name, anywhere in an answer, once."""
    found: dict[str, None] = {}
    for inner in answer if isinstance(answer, list) else answer.values() if isinstance(answer, dict) else ():
        found |= dict.fromkeys(told(name, inner))
    if isinstance(answer, dict) and isinstance(answer.get(name), str):
        found[answer[name]] = None
    return list(found)


@pytest.fixture(scope="module")
def dispatcher(served: Served) -> Asker:
    """Sign in as the dispatcher of the whole city."""
    asker = Asker(served, "dispatcher")
    asker.sign_in()
    return asker


@pytest.fixture(scope="module")
def street(served: Served) -> Asker:
    """Ask as a second account, for what ends sessions."""
    return Asker(served, "street")


@pytest.mark.parametrize("who", N_EXAMPLES)
@pytest.mark.parametrize(("path", "method", "operation_id"), OPERATIONS)
def test_the_document_tells_every_answer(
    served: Served, dispatcher: Asker, street: Asker, known: dict[str, list[str]],
    path: str, method: str, operation_id: str, who: str,
) -> None:  # fmt: skip
    signed_in = street if operation_id in OWN_SESSION else dispatcher
    asker = signed_in if who == "dispatcher" else Asker(served, None)
    operation = SCHEMA[path][method]
    modes = [schemathesis.GenerationMode.POSITIVE]
    if operation.body or any(operation.iter_parameters()):
        modes.append(schemathesis.GenerationMode.NEGATIVE)
    for mode in modes:

        @settings(
            max_examples=N_EXAMPLES[who] // len(modes), derandomize=True, database=None, deadline=None,
            phases=(Phase.generate,), suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
        def ask(case: schemathesis.Case, data: st.DataObject) -> None:
            for given_in in (case.path_parameters, case.query):
                for name in sorted(set(given_in or ()) & set(known)):
                    if known[name] and data.draw(st.booleans()):
                        given_in[name] = data.draw(st.sampled_from(known[name]))
            asker.ask(case)

        ask()
    if asker is dispatcher:
        assert asker.signed_in_as() == "dispatcher"


@pytest.mark.parametrize("member", ["status", "content type", "schema"])
def test_an_answer_that_the_document_does_not_tell_is_found(served: Served, member: str) -> None:
    told = deepcopy(DOCUMENT)
    responses = told["paths"]["/v1/city"]["get"]["responses"]
    if member == "status":
        responses["204"] = responses.pop("200")
    elif member == "content type":
        responses["200"]["content"] = {"text/csv": {"schema": {"type": "string"}}}
    else:
        responses["200"]["content"]["application/json"]["schema"] = {"type": "array"}
    case = schemathesis.openapi.from_dict(told)["/v1/city"]["get"].Case()
    with pytest.raises(FailureGroup):
        Asker(served, None).ask(case)
