"""The embedded newspaper: pages, site file, and four mirrors on loopback in a child process."""

from crawler.demo.newspaper import SITES, Newspaper, start

__all__ = ["SITES", "Newspaper", "start"]
