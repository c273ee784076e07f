"""What people type by mistake: they hear one sentence and what to do, in their language, and never a trace."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from huitian.api.running import listen
from huitian.errors import AddressUnusable

pytestmark = pytest.mark.served


def typed(*words: str, language: str = "zh") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "huitian.cli", *words], capture_output=True, text=True, check=False, timeout=120,
        env={"PATH": "/usr/bin:/bin", "HUITIAN_LANGUAGE": language, "PYTHONUTF8": "1"},
    )  # fmt: skip


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    city = tmp_path / "海 安"
    made = typed("init", str(city), language="en")
    assert shlex.quote(str(city)) in made.stdout, "what it says to type can be typed"
    (tmp_path / "file").write_text("x", "utf-8")
    for target, said in (("/proc/nowhere", "不存在"), (str(tmp_path / "file" / "below"), "不是文件夹")):
        told = typed("backup", str(city), target)
        assert (told.returncode, "Traceback" in told.stderr) == (1, False), told.stderr
        assert said in told.stderr
        assert "[path_unusable]" in told.stderr


def test_an_address_of_another_machine_is_not_said_to_be_taken() -> None:
    with pytest.raises(AddressUnusable, match="no address of this machine"):
        listen("203.0.113.9", 0)
    with pytest.raises(AddressUnusable):
        listen("no.such.host.invalid", 0)
