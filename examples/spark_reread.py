"""Read WARCs on Spark: one WARC a task, rows of one table to Parquet.

    spark-submit examples/spark_reread.py OUT FILE.warc.gz ... [--table versions] [--sites FOLDER]

Spark's workers need this package and its limits are the crawler's: a page that ends its process costs that page only.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any


def rows_of(paths: Iterable[str], table: str, sites: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """In a task: the rows of one table in each of some WARCs."""
    from crawler.rereading.read_warc import ReadOptions, read_warc

    for path in paths:
        for row in read_warc(path, options=ReadOptions(folders=sites)):
            if row.table == table:
                yield dict(row.values)


def main(words: list[str]) -> int:
    """Run a job on the Spark that this program is submitted to."""
    from pyspark.sql import Row, SparkSession

    options = argparse.ArgumentParser()
    options.add_argument("out")
    options.add_argument("warcs", nargs="+")
    options.add_argument("--table", default="versions")
    options.add_argument("--sites", action="append", default=[])
    given = options.parse_args(words)
    table, sites = given.table, tuple(given.sites)
    spark = SparkSession.builder.appName("reread").getOrCreate()
    # One partition a WARC. Each row as JSON, so that Spark finds the types over all of them.
    texts = spark.sparkContext.parallelize(given.warcs, len(given.warcs)).mapPartitions(
        lambda paths: (Row(json=json.dumps(row, default=repr)) for row in rows_of(paths, table, sites))
    )
    texts.persist()
    frame = spark.read.json(texts.map(lambda row: row.json))
    frame.write.mode("overwrite").parquet(given.out)
    print(f"{given.out}: {frame.count()} rows of {table} from {len(given.warcs)} WARC files")
    spark.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
