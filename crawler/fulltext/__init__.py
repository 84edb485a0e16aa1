"""Full text of versions and pictures: folded words, and what a search counts by."""
