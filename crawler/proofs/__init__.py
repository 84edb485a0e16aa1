"""Manifests, hash chain, Merkle roots and timestamps of sealed WARCs."""
