"""Huitian: one data base of a city, the engines that read it, and the screens on top."""
