"""A server that lets only TLS in: what the address asks for is what is done."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import text

from huitian.engine.scaled import create_scaled
from huitian.errors import FileUnreadable, HuitianError
from tests.servers.postgres import Server, postgres
from tools.groups import postgres_programs

pytestmark = pytest.mark.contract


def made_certificate() -> tuple[str, str]:
    """Return a certificate for 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    told = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.public_bytes(pem).decode(), told.decode()


@pytest.fixture(scope="module")
def secure_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """Start a server that takes TLS only; yield it and the file of its certificate."""
    if postgres_programs() is None:
        pytest.skip("no PostgreSQL server: apt-get install postgresql")
    certificate, key = made_certificate()
    file = tmp_path_factory.mktemp("tls") / "authority.pem"
    file.write_text(certificate)
    with postgres() as server:
        server.stop("fast")
        server.secure(certificate, key)
        server.start()
        yield server, file


@pytest.mark.parametrize(
    "query", ["", "?sslmode=require", "?sslmode=verify-full&sslrootcert={file}", "?sslrootcert={file}"]
)
def test_a_city_is_opened_over_tls(secure_server: tuple[Server, Path], tmp_path: Path, query: str) -> None:
    server, file = secure_server
    engine = create_scaled(server.database() + query.format(file=file), tmp_path, 10.0)
    with engine.sql.connect() as connection:
        is_hidden = connection.execute(
            text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        ).scalar()
    seq = engine.events.last_seq()
    assert not engine.events.wait(seq, 0.2), "the listener, too, comes in"
    engine.close()
    assert is_hidden is True


@pytest.mark.parametrize("query", ["?sslmode=disable", "?sslmode=verify-full"])
def test_without_tls_or_with_an_unknown_server_nothing_is_said(
    secure_server: tuple[Server, Path], tmp_path: Path, query: str
) -> None:
    server, _ = secure_server
    with pytest.raises(HuitianError) as told:
        create_scaled(server.database() + query, tmp_path, 5.0)
    assert told.value.code == "store_refused", told.value.words("en")


def test_a_file_without_certificates_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        create_scaled(f"postgresql://u@127.0.0.1:1/d?sslrootcert={tmp_path / 'none.pem'}", tmp_path, 5.0)
