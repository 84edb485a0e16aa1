"""Print who took the pictures of a collection, with one caption each.

    python examples/credits.py archives/demo/index.db
"""

import sys

from sqlite_utils import Database

SQL = """
    SELECT credit, count(*) AS pictures, min(caption) AS caption
    FROM captions
    WHERE credit IS NOT NULL
    GROUP BY credit
    ORDER BY pictures DESC, credit
"""


def main(path: str) -> None:
    """Print one line for each credit, the most frequent first."""
    database = Database(path)
    for row in database.query(SQL):
        print(f"{row['pictures']:4}  {row['credit']:<24}  {row['caption'] or ''}")
    database.close()


if __name__ == "__main__":
    main(sys.argv[1])
