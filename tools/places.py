"""Where things are in this repository."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
WEB = ROOT / "web"
WEB_BUILT = ROOT / "huitian" / "api" / "web"
REQUIREMENTS = ROOT / "requirements"
BUILD = ROOT / "build"
DIST = ROOT / "dist"
