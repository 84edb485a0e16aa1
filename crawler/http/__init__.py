"""The recording HTTP/1.1 client and its Scrapy download handler."""
