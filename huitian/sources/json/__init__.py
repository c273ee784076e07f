"""Tables in JSON: a list of objects, or objects by key."""
