"""The machine that a bundle is for: its Python and its system, and what of the lock it needs."""

import platform
import re
import sys
import sysconfig
from dataclasses import dataclass

ENTRY = re.compile(r"^([\w.-]+==[^\s;]+)(?: ; ([^\\\n]+?))? \\\n((?: +--hash=\S+(?: \\)?\n)+)", re.MULTILINE)
# glibc 2.28 is that of Debian 10, RHEL 8, Kylin V10 and openEuler 20.03.
NEWEST_GLIBC_MINOR = 28


def _here() -> str:
    said = sysconfig.get_platform()
    return f"macos-{platform.machine()}" if said.startswith("macosx") else said


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of machine.

    Attributes:
        python: Version of CPython, ``3.11``.
        system: As install.sh finds it out: ``linux-x86_64``, ``linux-aarch64``, ``macos-arm64``.
    """

    python: str = f"{sys.version_info.major}.{sys.version_info.minor}"
    system: str = _here()

    @property
    def tag(self) -> str:
        """Return the tag of its Python, ``cp311``."""
        return f"cp{self.python.replace('.', '')}"

    def locked(self, lock: str) -> str:
        """Return the entries of a lock file that this machine needs, without their conditions."""
        from packaging.markers import Marker

        kernel, _, processor = self.system.partition("-")
        there = {
            "python_version": self.python,
            "python_full_version": f"{self.python}.0",
            "platform_machine": processor,
            "sys_platform": "darwin" if kernel == "macos" else kernel,
            "platform_system": "Darwin" if kernel == "macos" else kernel.title(),
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        }
        entries = [
            f"{pin} \\\n{hashes}"
            for pin, condition, hashes in ENTRY.findall(lock)
            if not condition or Marker(condition).evaluate(there)
        ]
        return "".join(entries)

    def options(self) -> list[str]:
        """Return pip's options to download for it, of wheels that also run on older systems of its kind."""
        kernel, _, processor = self.system.partition("-")
        if kernel != "linux" or (self == Target() and platform.libc_ver()[0] != "glibc"):
            # Only the machine itself knows which versions of macOS or of another libc it is.
            return []
        kinds = [f"manylinux_2_{minor}" for minor in range(NEWEST_GLIBC_MINOR, 16, -1)]
        tags = [f"{kind}_{processor}" for kind in [*kinds, "manylinux2014"]]
        words = [word for tag in tags for word in ("--platform", tag)]
        return [*words, "--python-version", self.python, "--implementation", "cp"]
