"""Pace of requests to each host."""
