"""Hatch's hook for the wheel: there is no wheel without the built screens and the licences of what is in them."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

UNBUILT = """

  missing  the built screens in huitian/api/web: a wheel without them would serve no page
  缺少     huitian/api/web 里的前端构建；没有它的安装包打不开任何页面
  do       make wheel   (in a checkout; it builds them first)
"""
SCREENS = ("index", "cockpit", "desk", "mobile", "public", "docs")


class ScreensHook(BuildHookInterface[Any]):
    """Looks before a wheel is built; an editable install may be without screens."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Refuse a wheel that would lack the screens; and build the same bytes from the same files.

        Args:
            version: ``standard`` or ``editable``.
            build_data: What Hatch will write; the documentation is added.
        """
        if version == "editable":
            return
        web = f"{self.root}/huitian/api/web"
        from pathlib import Path

        wanted = [*(f"{name}.html" for name in SCREENS), "licences.txt"]
        if not all((Path(web) / name).is_file() for name in wanted):
            raise FileNotFoundError(UNBUILT)
        # The documentation is served by what is installed: help needs no network.
        build_data["force_include"][f"{self.root}/docs"] = "huitian/docs"
