"""The composition root: the only place that names a concrete engine and joins the rooms to one city."""

from huitian.app.city import OpenCity, make_city, open_city
from huitian.app.demo import make_demo, move_demo

__all__ = ["OpenCity", "make_city", "make_demo", "move_demo", "open_city"]
