"""What a database is: reading it from SQL or a live database, writing it as SQLite, filling it with rows."""

from .ddl import Source, read_ddl
from .emit import quote, schema_to_json, write_ddl
from .errors import DatabaseError, FillError, ReadError, RecipeError, SchemaError, SnapshotError
from .fill import as_rows, fill, fill_columns
from .from_json import schema_from_json
from .infer import describe_inferred, infer_keys
from .live import is_sqlite_file, read_database
from .load import load_postgres
from .load_native import NativeLoad, Refusal, load_native
from .metrics import Metric, row_metrics, schema_metrics
from .model import Check, Column, Columns, ColumnType, ForeignKey, Index, Loss, Row, Rows, Schema, Table, Value
from .postgres import PostgresText, write_postgres
from .recipe import Recipe, parse_recipe
from .snapshot import build_from_columns, build_snapshot, count_violations, open_snapshot, write_database
from .validate import Violation, validate

__all__ = [
    "Check",
    "Column",
    "ColumnType",
    "Columns",
    "DatabaseError",
    "FillError",
    "ForeignKey",
    "Index",
    "Loss",
    "Metric",
    "NativeLoad",
    "PostgresText",
    "ReadError",
    "Recipe",
    "RecipeError",
    "Refusal",
    "Row",
    "Rows",
    "Schema",
    "SchemaError",
    "SnapshotError",
    "Source",
    "Table",
    "Value",
    "Violation",
    "as_rows",
    "build_from_columns",
    "build_snapshot",
    "count_violations",
    "describe_inferred",
    "fill",
    "fill_columns",
    "infer_keys",
    "is_sqlite_file",
    "load_native",
    "load_postgres",
    "open_snapshot",
    "parse_recipe",
    "quote",
    "read_database",
    "read_ddl",
    "row_metrics",
    "schema_from_json",
    "schema_metrics",
    "schema_to_json",
    "validate",
    "write_database",
    "write_ddl",
    "write_postgres",
]
