"""What is no address of a database is refused in words, without its password."""

import pytest

from huitian.engine.scaled import shown
from huitian.errors import BadSetting

pytestmark = pytest.mark.contract

ADDRESSES = (
    "postgres://u:secret@h/d", "postgresql://u:secret@h:port/d", "postgresql://u:secret@h:70000/d",
    "postgresql://u:secret@[::1/d", "postgresql://u:secret@h", "postgresql://u:secret@h/d?sslmode=maybe", "postgresql://u:secret@h/d?password=secret",
    "postgresql+psycopg://u:secret@h/d", "sqlite:///city.sqlite", "secret", "",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_no_address_is_refused_in_words(address: str) -> None:
    with pytest.raises(BadSetting) as told:
        shown(address)
    for lang in ("zh", "en"):
        words = told.value.words(lang)
        assert "secret" not in words
        assert words == words.strip(), "it does not say where"


def test_an_address_is_shown_without_its_password() -> None:
    assert shown("postgresql://u:secret@[::1]:5433/d") == "postgresql://u@[::1]:5433/d"
    assert shown("postgresql://u:secret@h/d?sslmode=require") == "postgresql://u@h/d?sslmode=require"
