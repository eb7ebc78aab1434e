-- Charge registers that were taken in.

CREATE TABLE charge_import (
  id                 INTEGER PRIMARY KEY,
  provider           INTEGER NOT NULL REFERENCES provider (id),
  sha256             TEXT    NOT NULL, -- of the file's bytes
  file_name          TEXT    NOT NULL,
  kind               INTEGER NOT NULL CHECK (kind IN (0, 1)), -- invoices, lines
  encoding           INTEGER NOT NULL,
  encoding_was_given INTEGER NOT NULL CHECK (encoding_was_given IN (0, 1)),
  row_count          INTEGER NOT NULL,
  account_count      INTEGER NOT NULL,
  sum                INTEGER NOT NULL,
  charged            INTEGER NOT NULL,
  imported_at        INTEGER NOT NULL,
  UNIQUE (provider, sha256)
) STRICT;

CREATE TABLE charge_import_doubt (
  import   INTEGER NOT NULL REFERENCES charge_import (id),
  position INTEGER NOT NULL,
  line     INTEGER NOT NULL,
  problem  TEXT    NOT NULL,
  PRIMARY KEY (import, position)
) STRICT, WITHOUT ROWID;
