"""HTTP: how screens and other systems speak to the city. No route reads a store but through the planner."""
