"""What builds, checks and documents this repository. Nothing here is part of the installed package."""
