"""robots.txt: groups, rules, delays."""
