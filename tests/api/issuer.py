"""An issuer of identities as a server of its own: OpenID Connect, code flow with PKCE, keys that rotate."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "huitian-city", "a-secret-between-both"


class Issuer:
    """Signs people in; what it says of them can be made wrong."""

    def __init__(self) -> None:
        self.base = ""
        self.person: dict[str, Any] = {"sub": "s-1", "preferred_username": "oidc.zhou"}
        self.wrong: dict[str, Any] = {}
        self.forge: Any = None
        self.codes: dict[str, dict[str, str]] = {}
        self.n_keys_asked = 0
        self.n_asked = 0
        self.is_away = False
        self.awake = threading.Event()
        self.awake.set()
        self.rotate()

    def rotate(self) -> None:
        """Take a new key; the old one is published no longer."""
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig", "alg": "RS256"})
        self.published = self.key

    def sign_in(self, address: str) -> str:
        """Do what a browser and a person do at the issuer; returns where the browser is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Return tokens for a code, once, to the client that asked, with the verifier it had in mind."""
        asked = self.codes.pop(form.get("code", ""), None)
        told = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or authorization != f"Basic {told}" or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != asked["code_challenge"]:
            return None
        now = int(time.time())
        claims = {"iss": self.base, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= self.person | self.wrong
        made = jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)
        return {
            "access_token": "x",
            "token_type": "Bearer",
            "id_token": self.forge(made, claims) if self.forge else made,
        }

    def answer(self, path: str) -> dict[str, Any] | None:
        """Return what is published, as soon as it is awake; nothing while it is away."""
        self.n_asked += 1
        self.awake.wait()
        if self.is_away:
            return None
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.base, "authorization_endpoint": f"{self.base}/authorize",
                    "token_endpoint": f"{self.base}/token", "jwks_uri": f"{self.base}/jwks"}  # fmt: skip
        if path == "/jwks":
            self.n_keys_asked += 1
            return {"keys": [self.published.as_dict(private=False)]}
        return None


@contextmanager
def issuing() -> Iterator[Issuer]:
    """Run an issuer on a free port."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def say(self, told: dict[str, Any] | None) -> None:
            body = json.dumps(told or {"error": "invalid_grant"}).encode()
            self.send_response(200 if told else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.say(issuer.answer(self.path))

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            told = {name: values[0] for name, values in form.items()}
            self.say(issuer.token(told, self.headers.get("Authorization", "")))

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        issuer.base = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield issuer
        server.shutdown()
        thread.join()
