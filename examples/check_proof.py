"""Check the folder that `scrapy prove` writes: python3 check_proof.py FOLDER. Standard library only."""

import hashlib
import json
import sys
from pathlib import Path


def climb(leaf: bytes, steps: list[list[str]]) -> bytes:
    """Join a hash with those beside it, up to the root."""
    for side, other in steps:
        pair = bytes.fromhex(other) + leaf if side == "left" else leaf + bytes.fromhex(other)
        leaf = hashlib.sha256(b"\x01" + pair).digest()
    return leaf


def check(folder: Path) -> int:
    """Check every record of a proof; returns how many were good, raises ValueError at the first that is not."""
    good = 0
    for capture in json.loads((folder / "proof.json").read_text())["captures"]:
        for record in capture["records"]:
            leaf = hashlib.sha256(b"\x00" + (folder / record["file"]).read_bytes()).digest()
            if climb(leaf, record["path"]).hex() != record["line"].split(" ")[3]:
                raise ValueError(f"{record['file']}: does not lead to the root over the records of {record['warc']}")
            merkle = climb(hashlib.sha256(b"\x00" + record["line"].encode()).digest(), record["line_path"]).hex()
            if f"merkle: {merkle}" not in (folder / "roots" / f"{record['root']:06d}.txt").read_text().splitlines():
                raise ValueError(f"{record['file']}: does not lead to root {record['root']}")
            good += 1
    return good


if __name__ == "__main__":
    print(f"{check(Path(sys.argv[1]))} records lead to their roots; `openssl ts -verify` tells when these were made (README.txt)")
