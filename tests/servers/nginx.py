"""Debian's nginx with the file that is shipped, on free ports, in a temporary folder."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.running import free_port
from tests.needs import need
from tools.needs import nginx
from tools.places import ROOT

SHIPPED = ROOT / "deploy" / "nginx" / "huitian.conf"
WHOLE = """
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log info;
events {{ worker_connections 256; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/huitian.conf;
}}
"""


def rendered(text: str, port: int, server_port: int) -> str:
    """Return the shipped file with other ports; everything else is as it is shipped."""
    for old, new in (("listen 80;\n    server_name _;", f"listen 127.0.0.1:{port};\n    server_name _;"),
                     ("127.0.0.1:8010", f"127.0.0.1:{server_port}")):  # fmt: skip
        assert old in text, old
        text = text.replace(old, new)
    return text


@contextmanager
def nginx_before(server_port: int) -> Iterator[str]:
    """Run nginx before a server; yields its address."""
    need("nginx")
    program = str(nginx())
    folder, port = Path(tempfile.mkdtemp(prefix="huitian-nginx-")), free_port()
    folder.chmod(0o755)
    (folder / "huitian.conf").write_text(
        rendered(SHIPPED.read_text(encoding="utf-8"), port, server_port), "utf-8"
    )
    (folder / "nginx.conf").write_text(WHOLE.format(folder=folder), encoding="utf-8")
    words = [program, "-p", str(folder), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
    checked = subprocess.run([*words, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr.replace('the "user" directive', ""), checked.stderr
    process = subprocess.Popen(words)
    try:
        base, end_s = f"http://127.0.0.1:{port}", time.monotonic() + 30
        while True:
            try:
                httpx.get(f"{base}/healthz", timeout=5)
                break
            except httpx.TransportError:
                assert process.poll() is None, (folder / "error.log").read_text()
                assert time.monotonic() < end_s
                time.sleep(0.05)
        yield base
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)
