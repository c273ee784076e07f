"""From nothing to ready: ``python3 -m tools.bootstrap``, with any Python 3.11 and nothing installed.

Brings in uv where it is missing, the locked Python packages, Node where there is none new enough, and builds
the screens. What is done already is not done again.
"""

import argparse
import sys
import time

from tools import node_env, python_env, web_build
from tools.missing import Missing


def main() -> int:
    """Read the command line and make ready what it asks for."""
    parser = argparse.ArgumentParser(prog="tools.bootstrap", description=__doc__)
    parser.add_argument("--dev", action="store_true", help="with what tests and checks need")
    parser.add_argument("--web", action="store_true", help="with Node and the packages of web/")
    parser.add_argument("--build", action="store_true", help="with the screens built (implies --web)")
    asked = parser.parse_args()
    started = time.monotonic()
    try:
        ready(dev=asked.dev, web=asked.web, build=asked.build)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    took_s = time.monotonic() - started
    if took_s > 2:
        print(f"Ready in {took_s:.0f} s", flush=True)
    return 0


def ready(*, dev: bool, web: bool, build: bool) -> None:
    """Make the environment ready.

    Args:
        dev: With what tests and checks need.
        web: With Node and the packages of web/.
        build: With the screens built.
    """
    needs_node = web or build
    node = node_env.of_machine() if needs_node else None
    python_env.ensure(dev=dev, node=needs_node and node is None)
    if not needs_node:
        return
    node = node or node_env.of_venv()
    if node is None:
        raise Missing(
            f"Node {node_env.OLDEST_MAJOR} or newer with npm, and no packaged Node fits this machine",
            "缺少 Node 22 或更新版本（含 npm）",
            "install Node from your system's packages, then the same command again",
        )
    if build:
        web_build.ensure(node)
    else:
        web_build.ensure_packages(node)


if __name__ == "__main__":
    sys.exit(main())
