"""Servers of several processes on PostgreSQL."""
