"""数说回天: the city in figures."""
