"""The public kit for packs: declarations, the panel grammar, and a loader. No store, no web framework."""

from huitian.model.number import NumberDefinition, Watch
from huitian.model.query import AnyOf, Condition
from huitian.plugin.pack import Pack, Packs, discover, read_pack
from huitian.plugin.panel import Panel, check_panels

__all__ = [
    "AnyOf",
    "Condition",
    "NumberDefinition",
    "Pack",
    "Packs",
    "Panel",
    "Watch",
    "check_panels",
    "discover",
    "read_pack",
]
