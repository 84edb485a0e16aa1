"""Headlines: the printed one, told from kickers and names of sites."""
