"""``python -m huitian.cli``."""

from huitian.cli import main

if __name__ == "__main__":
    main()
