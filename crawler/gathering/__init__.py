"""Indexes of several workers, filed into one.

    shard    WARCs and index.db of one worker (a collection), read at one moment
    gather   each sealed WARC of a shard referred to, each capture added, revisits resolved over all, and what the shard read of a capture
             filed as if it were read here: no page is read again
"""
