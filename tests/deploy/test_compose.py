"""compose.yaml and the Dockerfile: every path, port, setting and command that they name exists."""

import json
import re
import subprocess
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from huitian.cli.app import app
from huitian.settings.table import BY_NAME, SETTINGS
from tools.places import ROOT

DEPLOY = ROOT / "deploy"
TO_BE_MADE = {"certificates", "store-password"}
"""What the head of compose.yaml says to make first."""


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return told


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")


def test_services_name_what_is_declared(said):
    for name, service in said["services"].items():
        assert set(service.get("depends_on", {})) <= set(said["services"]), name
        assert set(service.get("networks", [])) <= set(said["networks"]), name
        assert set(service.get("secrets", [])) <= set(said["secrets"]), name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert Path(source).name in TO_BE_MADE or (DEPLOY / source).exists(), f"{name}: {source}"
            else:
                assert source in said["volumes"], f"{name}: {source}"
    assert all(Path(one["file"]).name in TO_BE_MADE for one in said["secrets"].values())
    head = (DEPLOY / "compose.yaml").read_text("utf-8").partition("\nname:")[0]
    assert all(name in head for name in TO_BE_MADE)


def test_who_is_waited_for_says_when_it_is_ready(said, dockerfile):
    for name, service in said["services"].items():
        for waited, how in service.get("depends_on", {}).items():
            assert how["condition"] == "service_healthy"
            has_own = "healthcheck" in said["services"][waited]
            assert has_own or ("build" in said["services"][waited] and "HEALTHCHECK" in dockerfile), (
                f"{name}: {waited}"
            )


def test_settings_exist_and_agree_with_the_data_base(said):
    city, postgres = said["services"]["city"], said["services"]["postgres"]
    own = {name: value for name, value in city["environment"].items() if name.startswith("HUITIAN_")}
    assert own
    assert set(own) <= {setting.env for setting in SETTINGS}
    user, host, port, database = re.fullmatch(
        r"postgresql://(\w+)@(\w+):(\d+)/(\w+)", own["HUITIAN_STORE_ADDRESS"]
    ).groups()
    assert (user, host, port) == (postgres["environment"]["POSTGRES_USER"], "postgres", "5432")
    assert database == postgres["environment"]["POSTGRES_DB"]
    assert own["HUITIAN_STORE_PASSWORD_FILE"] == postgres["environment"]["POSTGRES_PASSWORD_FILE"]
    assert own["HUITIAN_TRUSTED_PROXIES"] == said["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    assert "ports" not in city, "only nginx is open to the outside"
    assert "ports" not in postgres


def test_nginx_starts_with_the_site_as_it_is_shipped_and_finds_the_city(said, tmp_path):
    nginx, city = said["services"]["nginx"], said["services"]["city"]
    mounts = dict(volume.split(":")[1::-1] for volume in nginx["volumes"])
    shell, option, script = nginx["command"]
    (tmp_path / "conf.d").mkdir()
    script = script.replace("exec nginx -g 'daemon off;'", "").replace(
        "/etc/nginx/conf.d", f"{tmp_path}/conf.d"
    )
    for inside, outside in mounts.items():
        script = script.replace(f" {inside}/", f" {DEPLOY / outside}/") if "huitian" in inside else script
    subprocess.run([shell, option, f"set -e\n{script}"], check=True)
    site = (tmp_path / "conf.d" / "default.conf").read_text("utf-8")
    address = city["networks"]["inside"]["ipv4_address"]
    assert f"server {address}:{BY_NAME['port'].default}" in site
    assert "server 127.0.0.1" not in site
    assert re.search(r"^    listen 443 ssl;\n +ssl_certificate /etc/nginx/tls/city.crt;", site, re.MULTILINE)
    assert "/etc/nginx/tls" in mounts
    assert ip_address(address) in ip_network(said["networks"]["inside"]["ipam"]["config"][0]["subnet"])


def test_the_city_can_do_little(said, dockerfile):
    city = said["services"]["city"]
    assert city["read_only"] is True
    assert city["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in city["security_opt"]
    (user,) = re.findall(r"^USER (\S+)$", dockerfile, re.MULTILINE)
    assert user not in {"root", "0"}


def test_the_image_serves_what_the_volume_holds(said, dockerfile):
    (entry,) = re.findall(r"^ENTRYPOINT (\[.*\])$", dockerfile, re.MULTILINE)
    (words,) = re.findall(r"^CMD (\[.*\])$", dockerfile, re.MULTILINE)
    assert json.loads(entry) == ["huitian"]
    command, *rest = json.loads(words)
    context = get_command(app).commands[command].make_context(command, list(rest))
    targets = {volume.split(":")[1] for volume in said["services"]["city"]["volumes"]}
    assert str(context.params["folder"].parent) in targets
    assert targets == set(json.loads(re.findall(r"^VOLUME (\[.*\])$", dockerfile, re.MULTILINE)[0]))
    assert f"EXPOSE {BY_NAME['port'].default}" in dockerfile
    assert f"http://127.0.0.1:{BY_NAME['port'].default}/readyz" in dockerfile


def test_the_image_is_built_from_a_bundle(said, dockerfile):
    build = said["services"]["city"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).resolve() == DEPLOY / "Dockerfile"
    assert "RUN sh /bundle/install.sh --prefix /opt/huitian" in dockerfile
    assert re.search(r"^ARG PYTHON=\d\.\d+$", dockerfile, re.MULTILINE), (
        "tools.bundle writes its Python there"
    )
