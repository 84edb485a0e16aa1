"""Printed and machine-readable dates, with zones."""
