"""Indicators: numbers with a definition, asked for any place and instant, that open down to their rows."""

from huitian.indicators.measure import Indicators

__all__ = ["Indicators"]
