"""The commands, one a module; Scrapy imports this package before any of them."""

import sys
from pathlib import Path

from crawler.interrupts import INTERRUPTS

if Path(sys.argv[0]).stem == "scrapy" or Path(sys.argv[0]).parent.name == "scrapy":
    # Importing the commands takes a second or more: a signal meanwhile is answered too.
    INTERRUPTS.install()
