"""The units of systemd: what they call exists, and what they forbid is the same in all of them."""

import re
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from huitian.cli.app import app
from huitian.settings.table import SETTINGS
from tests.needs import need
from tools.places import ROOT, VENV

UNITS = ROOT / "deploy" / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
LIMIT = 20
"""Exposure that systemd-analyze may find, in tenths: 100 is a service without any limit."""


def lines(unit: Path) -> list[tuple[str, str]]:
    """Return the (name, value) pairs of a unit."""
    return re.findall(r"^([A-Za-z]+)=(.*)$", unit.read_text("utf-8"), re.MULTILINE)


def hardening(unit: Path) -> str:
    """Return what stands below the remark about what a service may do."""
    return unit.read_text("utf-8").partition("# What it may do:")[2].partition("\n\n[")[0].strip()


def test_there_are_units_for_serving_and_for_backups():
    assert {"huitian.service", "huitian-backup.service"} <= {path.name for path in SERVICES}


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_what_a_unit_calls_exists(unit):
    (words,) = [value.split() for name, value in lines(unit) if name == "ExecStart"]
    assert words[0] == "/opt/huitian/bin/huitian"
    command, rest = get_command(app), words[1:]
    while hasattr(command, "commands"):
        assert rest[0] in command.commands, f"no command {rest[0]}"
        command, rest = command.commands[rest[0]], rest[1:]
    # Parsing says whether arguments and options are there; nothing is called.
    context = command.make_context(words[1], list(rest))
    assert context.params


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_the_settings_of_a_unit_exist(unit):
    named = set(re.findall(r"\bHUITIAN_\w+", unit.read_text("utf-8")))
    assert named <= {setting.env for setting in SETTINGS}


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_every_unit_may_do_as_little_as_the_others(unit):
    assert "NoNewPrivileges=yes" in hardening(unit)
    assert hardening(unit) == hardening(UNITS / "huitian.service")
    said = dict(lines(unit))
    assert said["User"] == "huitian"
    assert said["UMask"] == "0077"


def test_every_timer_has_its_service():
    timers = sorted(UNITS.glob("*.timer"))
    assert timers
    assert [timer.name for timer in timers if not timer.with_suffix(".service").exists()] == []


def test_systemd_takes_the_units_and_finds_them_closed(tmp_path):
    need("systemd")
    for unit in UNITS.iterdir():
        text = unit.read_text("utf-8").replace("/opt/huitian/bin/huitian", str(VENV / "bin" / "huitian"))
        (tmp_path / unit.name).write_text(text, "utf-8")
    units = [str(path) for path in sorted(tmp_path.iterdir()) if path.suffix in {".service", ".timer"}]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    # It also tells of the machine's own units that are not good, so what it says is read for ours.
    own = [
        line
        for line in (done.stdout + done.stderr).splitlines()
        if str(tmp_path) in line or "huitian" in line
    ]
    assert own == []
    for unit in units:
        if unit.endswith(".service"):
            asked = ["systemd-analyze", "security", "--offline=true", f"--threshold={LIMIT}", unit]
            done = subprocess.run(asked, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout[-300:] + done.stderr
