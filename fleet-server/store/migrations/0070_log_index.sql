-- Where things are mentioned in the logs: see fleet-server/log-index. Derived; runs are merged.

CREATE TABLE index_run (
  id       INTEGER PRIMARY KEY, -- the oldest first
  level    INTEGER NOT NULL,
  mentions INTEGER NOT NULL,
  chunks   INTEGER NOT NULL,    -- 0: the body is the only one; else the body holds their first keys
  body     BLOB    NOT NULL
) STRICT;
CREATE INDEX index_run_level ON index_run (level, id);

CREATE TABLE index_chunk (
  id   INTEGER PRIMARY KEY,     -- run * 65536 + number of the chunk
  body BLOB    NOT NULL
) STRICT;
