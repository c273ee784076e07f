"""The seam: the ports that the rooms above speak to, and the engines that stand behind them."""
