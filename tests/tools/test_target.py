from tools.places import REQUIREMENTS
from tools.target import Target

LOCK = """# Made by hand.
plain==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
old==2.4 ; python_full_version < '3.12' \\
    --hash=sha256:cc
new==2.5 ; python_full_version >= '3.12' \\
    --hash=sha256:dd
window==1 ; sys_platform == 'win32' \\
    --hash=sha256:ee
arm==1 ; platform_machine == 'aarch64' \\
    --hash=sha256:ff
"""


def test_a_machine_gets_what_it_needs_of_the_lock():
    assert Target("3.11", "linux-x86_64").locked(LOCK) == (
        "plain==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nold==2.4 \\\n    --hash=sha256:cc\n"
    )
    other = Target("3.13", "linux-aarch64").locked(LOCK)
    assert [line.split("==")[0] for line in other.splitlines() if "==" in line] == ["plain", "new", "arm"]


def test_every_entry_of_the_lock_is_read():
    lock = (REQUIREMENTS / "bundle.txt").read_text("utf-8")
    pins = {line.split(" ")[0] for line in lock.splitlines() if line and line[0] not in "# "}
    found = Target("3.11", "linux-x86_64").locked(lock) + Target("3.13", "linux-x86_64").locked(lock)
    read = {line.split(" ")[0] for line in found.splitlines() if "==" in line}
    assert pins - read == {pin for pin in pins if pin.startswith("colorama==")}


def test_a_bundle_for_linux_takes_wheels_for_older_systems():
    options = Target("3.12", "linux-aarch64").options()
    assert "manylinux_2_28_aarch64" in options
    assert "manylinux_2_29_aarch64" not in options
    assert options[-4:] == ["--python-version", "3.12", "--implementation", "cp"]
    assert Target("3.12", "macos-arm64").options() == []
    assert Target("3.12", "linux-x86_64").tag == "cp312"
