"""The command line: one command a file; whatever is heavy loads when its command runs."""

import sys


def main() -> None:
    """Run the command line; an error is told in words, what to do beside it, never as a trace."""
    from huitian.cli.app import app
    from huitian.cli.speaking import tell
    from huitian.errors import HuitianError

    try:
        app()
    except HuitianError as error:
        sys.exit(tell(error))
