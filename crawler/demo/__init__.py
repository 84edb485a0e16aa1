"""The embedded newspaper: pages, site file, and its three mirrors run as a child process on loopback."""

from crawler.demo.newspaper import SITES, Newspaper, start

__all__ = ["SITES", "Newspaper", "start"]
