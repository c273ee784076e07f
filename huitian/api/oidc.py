"""Signing in elsewhere: OpenID Connect, code flow with PKCE. Needs the extra ``oidc`` (Authlib, joserfc).

The city believes an identity token of its one issuer: signed with a key that the issuer publishes now, for this city,
in time, and for the very question that this browser was sent with. Who comes must have an account here; what the
issuer says of them may give grants (``claims``).
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from huitian.api.accounts import keep_english_name
from huitian.api.city import City
from huitian.api.claims import Claimed
from huitian.api.own_password import account_row
from huitian.api.sign_in import TRIES_OF_ADDRESS
from huitian.api.tries import Tries, secret_of
from huitian.errors import OidcMissing, OidcRefused, OidcUnknownAccount
from huitian.model.audit import Entry, Subject
from huitian.model.query import Condition, Query

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures with a key of the issuer's; none, and no shared secret."""
PATIENCE_S, MOST_BYTES = 5.0, 256 << 10
ANSWER_S = 600
"""How long somebody may take at the issuer's."""
ENGLISH_NAME = "name#en"
"""OpenID Connect Core 1.0, 5.2: the claim ``name`` in English."""
SKEW_S = 60
"""How far the clocks of both sides may be apart."""
REFETCHES, REFETCH_WINDOW_S = 5, 60.0
"""How often unknown key ids make us ask for the keys again: whoever invents ids must not make us ask for ever."""
FAILED_S = 5.0
"""How long an issuer that did not answer is not asked again: as long as one try takes, so that those who wait for it
are told at once, and short enough that nobody notices once it is back."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Question:
    """What a browser was sent with.

    Attributes:
        address: Where to send it.
        kept: What its cookie keeps meanwhile, signed.
    """

    address: str
    kept: str


class Oidc:
    """Signing in at one issuer."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._lock = threading.Lock()
        self._found: dict[str, Any] = {}
        self._keys: Any = None
        self._refetched: list[float] = []
        self._failed_s = 0.0
        self._claimed = Claimed(city)
        window_s = city.settings.lockout_min * 60
        self._starts = Tries(city, "oidc_start", city.settings.lockout_tries * TRIES_OF_ADDRESS, window_s)
        self._used = Tries(city, "oidc_state", 1, 2 * ANSWER_S)

    @property
    def is_on(self) -> bool:
        """Return whether the city has an issuer."""
        return bool(self._city.settings.oidc_issuer)

    def ask(self, back: str, to: str, address: str) -> Question:
        """Return where to send a browser that wants to sign in.

        Args:
            back: Address of ours that the issuer sends it back to.
            to: Page of ours to go to afterwards.
            address: Where the browser is.

        Raises:
            OidcMissing: The extra is not installed, or the city has no issuer.
            OidcRefused: The issuer cannot be asked.
            TooManyRequests: That address began too often without coming in.
        """
        challenge_of = needed()[0]
        if self.is_on:
            self._starts.count(address)
        state, nonce, verifier = (
            secrets.token_urlsafe(24),
            secrets.token_urlsafe(24),
            secrets.token_urlsafe(48),
        )
        asked = {
            "response_type": "code", "client_id": self._city.settings.oidc_client_id, "redirect_uri": back,
            "scope": "openid profile email", "state": state, "nonce": nonce,
            "code_challenge": challenge_of(verifier), "code_challenge_method": "S256",
        }  # fmt: skip
        told = {"state": state, "nonce": nonce, "verifier": verifier, "back": back, "to": page_of(to),
                "until_s": time.time() + ANSWER_S}  # fmt: skip
        begin = str(self._told()["authorization_endpoint"])
        return Question(f"{begin}{'&' if '?' in begin else '?'}{urlencode(asked)}", self._signed(told))

    def answer(self, kept: str | None, state: str, code: str, address: str) -> tuple[str, str]:
        """Return the account of somebody whom the issuer sent back, and the page to go to.

        Who comes in gives the address its try back: a whole house may sign in from behind one.

        Raises:
            OidcRefused: Anything about it is not as it was asked for.
            OidcUnknownAccount: Nobody here has an account of that name.
        """
        told = self._opened(kept)
        if told is None or not hmac.compare_digest(str(told["state"]).encode(), state.encode()):
            raise refused("state")
        if told["until_s"] < time.time():
            raise refused("late")
        # One answer a question: the same address opened again signs nobody in.
        self._used.count(told["state"])
        body = {"grant_type": "authorization_code", "code": code, "redirect_uri": told["back"],
                "code_verifier": told["verifier"], "client_id": self._city.settings.oidc_client_id}  # fmt: skip
        given = self._fetched(str(self._told()["token_endpoint"]), body)
        claims = self._checked(str(given.get("id_token", "")), str(told["nonce"]))
        user_id = self._account_of(claims)
        self._claimed.settle(user_id, claims)
        keep_english_name(self._city, user_id, claims.get(ENGLISH_NAME))
        self._starts.take_back(address)
        return user_id, str(told["to"])

    def _checked(self, token: str, nonce: str) -> dict[str, Any]:
        """Return the claims of an identity token that holds."""
        _, jwt, errors, claims_of, key_set = needed()
        settings = self._city.settings
        try:
            decoded = jwt.decode(token, self._key_set(key_set), algorithms=ALGORITHMS)
        except errors.InvalidKeyIdError:
            # The issuer took new keys: ask for them, now and then.
            try:
                decoded = jwt.decode(token, self._key_set(key_set, is_new=True), algorithms=ALGORITHMS)
            except (errors.JoseError, ValueError) as error:
                raise refused("key") from error
        except (errors.JoseError, ValueError) as error:
            raise refused("signature") from error
        options = {"iss": {"essential": True, "value": settings.oidc_issuer},
                   "aud": {"essential": True, "value": settings.oidc_client_id}}  # fmt: skip
        claims = claims_of(
            decoded.claims, decoded.header, options, {"nonce": nonce, "client_id": settings.oidc_client_id}
        )
        try:
            claims.validate(leeway=SKEW_S)
        except Exception as error:
            # Authlib's errors of claims share no class with those of joserfc; whatever is wrong, nobody comes in.
            raise refused("claims") from error
        return dict(decoded.claims)

    def _account_of(self, claims: dict[str, Any]) -> str:
        """Return the account of somebody, which is linked at the first sign-in and stays linked to that one."""
        settings, planner, records = self._city.settings, self._city.planner, self._city.engine.records
        issuer, subject = settings.oidc_issuer, str(claims["sub"])
        where = (Condition("issuer", "eq", issuer), Condition("subject", "eq", subject))
        rows = records.read(planner.system("sign_in_link"), Query("sign_in_link", where, limit=2)).rows
        if rows:
            row = account_row(self._city, "user_id", rows[0]["user_id"])
        else:
            name = str(claims.get(settings.oidc_name_claim) or "").strip().casefold()
            is_proven = settings.oidc_name_claim != "email" or claims.get("email_verified") is True
            row = account_row(self._city, "user_name", name) if name and is_proven else None
            if row is not None:
                with records.writing() as writing:
                    of_account = (
                        Condition("issuer", "eq", issuer),
                        Condition("user_id", "eq", row["user_id"]),
                    )
                    asked = Query("sign_in_link", of_account, limit=2)
                    linked = writing.read(planner.system("sign_in_link"), asked).rows
                    # A name that somebody else got at the issuer does not open the account of who had it before.
                    if any(one["subject"] != subject for one in linked):
                        raise refused("linked")
                    link = {"issuer": issuer, "subject": subject, "user_id": row["user_id"]}
                    if writing.add("sign_in_link", [link | {"linked_at": self._city.clock.now()}]).n_written:
                        whose = (Subject("user_account", row["user_id"]),)
                        writing.chain([Entry("sign_in", row["user_id"], entity="sign_in_link", subjects=whose,
                                             details={"linked": row["user_id"]})])  # fmt: skip
        if row is None:
            raise OidcUnknownAccount(claim=settings.oidc_name_claim)
        return str(row["user_id"])

    def _told(self) -> dict[str, Any]:
        """Return what the issuer tells of itself."""
        issuer = self._city.settings.oidc_issuer
        if not issuer:
            raise OidcMissing
        if self._found:
            return self._found
        # Asked without a lock: who waits for a slow issuer holds up nobody who does not.
        found = self._published(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise refused("issuer")
        self._found = found
        return found

    def _published(self, address: str) -> dict[str, Any]:
        """Return what the issuer publishes; one that just failed is not asked.

        Raises:
            OidcRefused: It did not answer, now or a moment ago.
        """
        if time.monotonic() < self._failed_s:
            raise refused("issuer_away")
        try:
            return self._fetched(address)
        except OidcRefused:
            self._failed_s = time.monotonic() + FAILED_S
            raise

    def _key_set(self, key_set: Any, *, is_new: bool = False) -> Any:
        with self._lock:
            known = self._keys
        if known is None or (is_new and self._may_refetch()):
            known = key_set.import_key_set(self._published(str(self._told()["jwks_uri"])))
            with self._lock:
                self._keys = known
        return known

    def _may_refetch(self) -> bool:
        now_s = time.monotonic()
        with self._lock:
            self._refetched = [at for at in self._refetched if now_s - at < REFETCH_WINDOW_S]
            if len(self._refetched) >= REFETCHES:
                return False
            self._refetched.append(now_s)
            return True

    def _fetched(self, address: str, form: dict[str, str] | None = None) -> dict[str, Any]:
        """Return JSON of the issuer; where a form is sent, as its client."""
        check_address(address)
        settings = self._city.settings
        request = urllib.request.Request(address, headers={"Accept": "application/json"})  # noqa: S310 (checked above)
        if form is not None:
            request.data = urlencode(form).encode()
            told = f"{settings.oidc_client_id}:{client_secret(self._city)}".encode()
            request.add_header("Authorization", f"Basic {base64.b64encode(told).decode()}")
        try:
            until_s = time.monotonic() + PATIENCE_S
            with OPENER.open(request, timeout=PATIENCE_S) as answer:
                content = b""
                # The timeout is that of each piece: one that comes drop by drop would else take for ever.
                while len(content) <= MOST_BYTES and (piece := answer.read1(MOST_BYTES)):
                    content += piece
                    if time.monotonic() > until_s:
                        raise TimeoutError
            found = json.loads(content) if len(content) <= MOST_BYTES else None
        except (urllib.error.URLError, OSError, ValueError) as error:
            raise refused("issuer_away") from error
        if not isinstance(found, dict):
            raise refused("issuer_away")
        return found

    def _signed(self, told: dict[str, Any]) -> str:
        body = base64.urlsafe_b64encode(json.dumps(told).encode()).decode()
        return f"{body}.{self._mark(body)}"

    def _opened(self, kept: str | None) -> dict[str, Any] | None:
        body, _, mark = (kept or "").partition(".")
        if not hmac.compare_digest(mark.encode(), self._mark(body).encode()):
            return None
        told: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body))
        return told

    def _mark(self, body: str) -> str:
        return hmac.new(secret_of(self._city), f"oidc {body}".encode(), hashlib.sha256).hexdigest()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: what the issuer names is asked, nothing that an answer leads to."""

    def redirect_request(self, *_: Any) -> None:
        """Follow none."""


OPENER = urllib.request.build_opener(NoRedirect)


def check_address(address: str) -> None:
    """Refuse an address that is not https, but for this machine.

    Raises:
        OidcRefused: It is not.
    """
    parts = urlsplit(address)
    if parts.username or not (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    ):
        raise refused("address")


def page_of(to: str) -> str:
    """Return a page of ours, whatever was asked for: never an address of another site."""
    is_ours = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable() and "\\" not in to
    return to if is_ours and len(to) <= 400 else "/desk"


def client_secret(city: City) -> str:
    """Return the secret of the city at its issuer."""
    settings = city.settings
    if settings.oidc_client_secret_file is not None:
        return settings.oidc_client_secret_file.read_text(encoding="utf-8").strip()
    return settings.oidc_client_secret


def needed() -> tuple[Any, Any, Any, Any, Any]:
    """Return what the extra brings.

    Raises:
        OidcMissing: It is not installed.
    """
    try:
        from authlib.oauth2.rfc7636 import create_s256_code_challenge
        from authlib.oidc.core import CodeIDToken
        from joserfc import errors, jwt
        from joserfc.jwk import KeySet
    except ImportError as error:
        raise OidcMissing from error
    return create_s256_code_challenge, jwt, errors, CodeIDToken, KeySet


def refused(why: str) -> OidcRefused:
    """Return the error, with the word of what was wrong."""
    return OidcRefused(why=why)
