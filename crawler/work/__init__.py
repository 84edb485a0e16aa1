"""The long-lived worker: crawls of many sites in one process and one series of WARCs."""
