"""The base: the one city. Places, objects, catalogue, lineage, quality and the planner."""
