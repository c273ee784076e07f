"""Sealing bytes under a key, bound to where they belong: AES-256-GCM, or SM4-GCM where the library has it."""

import os
from typing import Literal

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from huitian.errors import CipherMissing

CipherName = Literal["aes-256-gcm", "sm4-gcm"]
AES, SM4_GCM = b"\x01", b"\x02"
MARKS = {"aes-256-gcm": AES, "sm4-gcm": SM4_GCM}
NONCE, TAG, SM4_KEY = 12, 16, 16
KEY_BYTES = 32
"""Of every key; SM4 uses the first half."""


def check_cipher(name: str) -> None:
    """Refuse a cipher that the library cannot do.

    Raises:
        CipherMissing: It is not built in.
    """
    if name not in MARKS:
        raise CipherMissing(cipher=name)
    if name == "sm4-gcm":
        try:
            Cipher(SM4(bytes(SM4_KEY)), modes.GCM(bytes(NONCE))).encryptor()
        except UnsupportedAlgorithm as error:
            raise CipherMissing(cipher=name) from error


def sealed(key: bytes, content: bytes, bound: bytes, mark: bytes = AES) -> bytes:
    """Return content sealed: mark of the cipher, nonce, ciphertext, tag. 29 bytes longer.

    Args:
        key: 32 bytes.
        content: What is sealed.
        bound: Where it belongs; must be said again to open it.
        mark: Which cipher.
    """
    nonce = os.urandom(NONCE)
    if mark == AES:
        return mark + nonce + AESGCM(key).encrypt(nonce, content, bound)
    made = Cipher(SM4(key[:SM4_KEY]), modes.GCM(nonce)).encryptor()
    made.authenticate_additional_data(bound)
    return mark + nonce + made.update(content) + made.finalize() + made.tag


def opened(key: bytes, told: bytes, bound: bytes) -> bytes | None:
    """Return what was sealed; None where the key is another, it belongs elsewhere, or it was changed."""
    mark, nonce, rest = told[:1], told[1 : 1 + NONCE], told[1 + NONCE :]
    if len(rest) < TAG:
        return None
    try:
        if mark == AES:
            return AESGCM(key).decrypt(nonce, rest, bound)
        if mark != SM4_GCM:
            return None
        made = Cipher(SM4(key[:SM4_KEY]), modes.GCM(nonce, rest[-TAG:])).decryptor()
        made.authenticate_additional_data(bound)
        return made.update(rest[:-TAG]) + made.finalize()
    except InvalidTag:
        return None
