"""Cases: events that people close. An append-only log, a ladder that is data, and a projection of the log."""
