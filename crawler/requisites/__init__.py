"""Styles, scripts, fonts and pictures that a page needs to be shown as it was."""
