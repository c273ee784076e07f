"""The routes, one subject a file. Every read of the city goes through its planner."""
