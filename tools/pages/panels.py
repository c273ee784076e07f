"""docs/reference/panel.schema.json: the grammar of panels, as the renderer and the loader hold it."""

from tools.places import ROOT


def pages() -> dict[str, str]:
    """Return the schema, as it is in the package."""
    schema = ROOT / "huitian" / "plugin" / "panel.schema.json"
    return {"docs/reference/panel.schema.json": schema.read_text("utf-8")}
