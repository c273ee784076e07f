"""The version that is running."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("huitian")
except PackageNotFoundError:  # A source tree that was never installed.
    VERSION = "0"
