"""Which statements say nothing of tables and rows, and which say something that is not kept.

Passed over without a Loss, because the meaning of the tables and rows stays the
same: session settings, transactions, permissions, users, databases, schemas,
extensions, storage and tablespaces, statistics, full-text and spatial indexes,
owners, top-level SELECTs, and DROPs of what is not kept.
"""

from __future__ import annotations

SILENT = frozenset(
    {
        "SET", "GRANT", "REVOKE", "DENY", "USE", "LOCK", "UNLOCK", "START", "COMMIT", "ROLLBACK",
        "END", "ANALYZE", "VACUUM", "PRAGMA", "PRINT", "SHOW", "EXPLAIN",
        "REINDEX", "CLUSTER", "RESET", "SAVEPOINT", "RELEASE", "ATTACH", "DETACH", "FLUSH", "GO",
        "CHECKPOINT", "DISCARD", "LISTEN", "NOTIFY", "REFRESH", "OPTIMIZE", "REPAIR", "ABORT",
        "REASSIGN", "SECURITY", "DELIMITER", "WAITFOR", "RAISERROR", "PURGE", "AUDIT", "CHECK", "EXIT",
    }
)  # fmt: skip
SILENT_CREATE = frozenset(
    {
        "USER", "ROLE", "LOGIN", "EXTENSION", "TABLESPACE", "COLLATION",
        "CONVERSION", "LANGUAGE", "PROCEDURAL", "TRUSTED", "SERVER", "PUBLICATION", "SUBSCRIPTION",
        "STATISTICS", "CERTIFICATE", "DIRECTORY", "PROFILE", "SYNONYM", "BITMAP",
        "FULLTEXT", "SPATIAL", "OPERATOR", "ACCESS", "TEXT", "PARTITION", "XML", "COLUMNSTORE", "GROUP",
        "CONTEXT",
    }
)  # fmt: skip
LOST_CREATE = {
    "VIEW": "views are not kept", "MATERIALIZED": "views are not kept", "FUNCTION": "routines are not kept",
    "PROCEDURE": "routines are not kept", "PROC": "routines are not kept", "PACKAGE": "routines are not kept",
    "AGGREGATE": "routines are not kept", "TRIGGER": "triggers are not kept", "RULE": "rules are not kept",
    "EVENT": "scheduled events are not kept", "POLICY": "row policies are not kept", "CAST": "casts are not kept",
    "CONSTRAINT": "triggers are not kept", "FOREIGN": "tables of another server are not kept",
    "EXTERNAL": "tables of another server are not kept", "VIRTUAL": "virtual tables are not kept",
    "TYPE": "composite and other own types are not kept", "DEFAULT": "default objects are not kept",
    "ASSERTION": "conditions across tables are not kept",
}  # fmt: skip
MODIFIERS = frozenset(
    {
        "OR", "REPLACE", "TEMP", "TEMPORARY", "UNLOGGED", "GLOBAL", "LOCAL", "EDITIONABLE", "NONEDITIONABLE",
        "FORCE", "NOFORCE", "RECURSIVE", "ALTER", "PRIVATE", "COLUMN", "SHARDED", "DUPLICATED", "IMMUTABLE",
        "BLOCKCHAIN", "UNIQUE", "CLUSTERED", "NONCLUSTERED", "DEFINER", "ALGORITHM", "SQL",
    }
)  # fmt: skip
# Statements that may hold others, and what in them would change the tables or rows.
BLOCKS = frozenset({"BEGIN", "DECLARE", "IF", "WITH", "SELECT", "EXEC", "EXECUTE", "CALL"})
CHANGES = ("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "CREATE", "ALTER", "SP_RENAME")
DEFINED = ("VIEW", "FUNCTION", "PROCEDURE", "TRIGGER", "EVENT")
