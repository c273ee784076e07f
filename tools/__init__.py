"""What builds, checks and documents this repository. Nothing here is part of the installed package."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (make may be started with any Python)
    sys.exit(
        "\n  missing  Python 3.11 or newer; this is {}.{}\n  缺少     Python 3.11 或更新版本\n"
        "  do       apt-get install python3 python3-venv | brew install python, "
        "or name one: make PYTHON=python3.12 ...\n".format(*sys.version_info)
    )
