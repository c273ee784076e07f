"""Shapes that exist only on the wire. What the model already says is used as it is."""
