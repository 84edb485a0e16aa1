"""Progress bars, colours and shell completion of the commands."""
