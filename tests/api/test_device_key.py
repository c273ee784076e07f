"""The key under which a phone seals what somebody has not sent yet."""

import base64

import httpx

from tests.api.serving import Served


def test_a_phone_is_told_the_key_of_who_is_here_and_no_other(served: Served, nobody: httpx.Client) -> None:
    assert nobody.get("/v1/session/device-key").status_code == 401
    password = nobody.get("/v1/session").json()["demo_users"][0]["password"]
    keys = []
    for name in ("dispatcher", "leader", "dispatcher"):
        with served.client() as client:
            client.post("/v1/session", json={"user_name": name, "password": password})
            answer = client.get("/v1/session/device-key")
        assert answer.headers["cache-control"] == "no-store"
        keys.append(base64.b64decode(answer.json()["key"]))
    assert keys[0] == keys[2] != keys[1]
    assert {len(key) for key in keys} == {32}
