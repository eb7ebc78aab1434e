-- Daily registers, as they were given out.

CREATE TABLE register (
  id          INTEGER PRIMARY KEY,
  provider    INTEGER NOT NULL REFERENCES provider (id),
  day         TEXT    NOT NULL,
  version     INTEGER NOT NULL CHECK (version > 0),
  cut_from    INTEGER NOT NULL,
  cut_to      INTEGER NOT NULL CHECK (cut_to >= cut_from),
  row_count   INTEGER NOT NULL,
  accepted    INTEGER NOT NULL,
  withheld    INTEGER NOT NULL,
  payable     INTEGER NOT NULL,
  rows_sha256 TEXT    NOT NULL,
  file_name   TEXT    NOT NULL UNIQUE,
  content     BLOB    NOT NULL,
  reason      TEXT    NOT NULL, -- of a re-issue
  written_at  INTEGER NOT NULL,
  UNIQUE (provider, day, version)
) STRICT;

CREATE TRIGGER register_update BEFORE UPDATE ON register
BEGIN SELECT RAISE(ABORT, 'a register never changes'); END;
CREATE TRIGGER register_delete BEFORE DELETE ON register
BEGIN SELECT RAISE(ABORT, 'a register never changes'); END;
