"""`gongkai evaluate`: a model folder on a split, as figures, misses and a page."""
