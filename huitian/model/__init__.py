"""The words of the city: frozen dataclasses without input or output, shared by every room and by the API."""
