"""The commands, one a module; Scrapy imports this package before any of them."""

import atexit
import gc
import sys
from pathlib import Path

from crawler.garbage import start_quickly
from crawler.interrupts import INTERRUPTS
from crawler.terminal.program import NAMES

if Path(sys.argv[0]).stem in NAMES or Path(sys.argv[0]).parent.name == "scrapy":
    # Importing the commands takes a second or more: a signal meanwhile is answered too.
    INTERRUPTS.install()
    start_quickly()
    # At its end Python would look for garbage in all that was imported, for a fifth of the time that a short command takes.
    atexit.register(gc.freeze)
