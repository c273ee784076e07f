"""Real servers that tests start for themselves, in folders of their own on free ports."""
