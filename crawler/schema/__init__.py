"""Schema of `index.db`: tables, views, packed columns, migrations."""
