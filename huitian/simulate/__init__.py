"""The synthetic city: places, buildings, residents, bodies and letters, all invented, from one seed.

Imports neither a store nor an engine: whoever serves the demo writes what this makes.
"""

from huitian.simulate.city import DemoCity, demo_city
from huitian.simulate.messy import export_messy
from huitian.simulate.scale import DemoScale
from huitian.simulate.truth import Truth
from huitian.simulate.users import DemoUser

__all__ = ["DemoCity", "DemoScale", "DemoUser", "Truth", "demo_city", "export_messy"]
