"""Looking after the stores of a city: moving, backing up, restoring, and saying how they are."""
