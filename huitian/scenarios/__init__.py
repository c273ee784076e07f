"""The packs that ship with Huitian; each is a folder of declarations."""

BUILT_IN = ("huitian.scenarios.overview", "huitian.scenarios.mailbox")
