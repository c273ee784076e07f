"""What a browser says of itself, in few words."""

import re

MOST_BROWSER_CHARS = 60
BROWSERS = (("Edg", "Edge"), ("MicroMessenger", "WeChat"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
            ("CriOS", "Chrome"), ("Safari", "Safari"))  # fmt: skip
"""What a browser calls itself → its name; the first that fits counts, for each names those after it as well."""
SYSTEMS = (("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iPadOS"),
           ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"))  # fmt: skip


def browser_of(agent: str) -> str:
    """Return browser and system of a User-Agent, in few words; empty where it names neither."""
    name = next(
        (f"{title} {version_of(agent, mark)}".strip() for mark, title in BROWSERS if mark in agent), ""
    )
    system = next((title for mark, title in SYSTEMS if mark in agent), "")
    return " · ".join(part for part in (name, system) if part)[:MOST_BROWSER_CHARS]


def version_of(agent: str, mark: str) -> str:
    """Return the major version after a mark."""
    found = re.search(rf"{mark}[A-Za-z]*/(\d{{1,4}})", agent)
    return found[1] if found else ""
