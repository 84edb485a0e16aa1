"""Print the articles of WARC files as JSON lines: `url`, `date`, `record` and the fields that `scrapy read` gives.

    python examples/warc_to_jsonl.py FILE.warc.gz ... > articles.jsonl
"""

import json
import sys

from crawler import ArchiveError, as_json, read_warc


def main(paths: list[str]) -> int:
    """Print one line for each HTML page; a damaged file stops no other, and makes the exit code 1."""
    code = 0
    for path in paths:
        try:
            for capture, article in read_warc(path):
                record = {"url": capture.url, "date": capture.date.isoformat(), "record": capture.record_id, **as_json(article)}
                print(json.dumps(record, ensure_ascii=True))
        except ArchiveError as error:
            print(f"{path}: {error}", file=sys.stderr)
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
