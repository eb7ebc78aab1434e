-- The ledger packed: an entry is one row with its legs in a blob, a commit is one link of the chain,
-- and who is mentioned where stands in the log index.
--
-- Entries of before cannot be converted without forging their chain, and there are none outside a
-- workshop: such a database is refused, and the kiosks still have every payment that is in it.
CREATE TABLE packing (entries INTEGER NOT NULL) STRICT;
CREATE TRIGGER packing_refused BEFORE INSERT ON packing WHEN NEW.entries > 0
BEGIN SELECT RAISE(ABORT, 'this database was made by a trial version whose books are kept otherwise: move the file away, enrol the kiosks anew, and they send all their payments again'); END;
INSERT INTO packing SELECT count(*) FROM ledger_entry;
DROP TABLE packing;

DROP TABLE ledger_transfer;
DROP TABLE ledger_entry;

CREATE TABLE ledger_kind (
  id   INTEGER PRIMARY KEY,
  name TEXT    NOT NULL UNIQUE
) STRICT;

CREATE TABLE ledger_entry (
  id        INTEGER PRIMARY KEY, -- dense from 1: the ledger sequence
  at_us     INTEGER NOT NULL,    -- microseconds UTC, strictly rising
  kind      INTEGER NOT NULL,
  number    INTEGER,             -- the reference, when it is 18 digits: a txn_id
  reference TEXT,                -- any other
  reverses  INTEGER REFERENCES ledger_entry (id),
  legs      BLOB    NOT NULL,    -- see fleet-server/ledger/legs.hpp
  CHECK ((number IS NULL) <> (reference IS NULL))
) STRICT;

-- The hash chain: what had been posted up to `last` when a commit was written.
CREATE TABLE ledger_link (
  last INTEGER PRIMARY KEY,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- Promises that are neither kept nor off. Derived: the fold of all legs.
CREATE TABLE ledger_open_hold (
  id     INTEGER PRIMARY KEY, -- entry * 64 + leg
  debit  INTEGER NOT NULL,
  credit INTEGER NOT NULL,
  amount INTEGER NOT NULL
) STRICT;

-- The greatest number posted of each kind and each first nine digits (a kiosk's epoch): a greater
-- one cannot have been posted before. Derived.
CREATE TABLE ledger_series (
  kind   INTEGER NOT NULL,
  series INTEGER NOT NULL,
  last   INTEGER NOT NULL,
  PRIMARY KEY (kind, series)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ledger_entry_update BEFORE UPDATE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'ledger entries are append-only'); END;
CREATE TRIGGER ledger_entry_delete BEFORE DELETE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'ledger entries are append-only'); END;
CREATE TRIGGER ledger_link_update BEFORE UPDATE ON ledger_link
BEGIN SELECT RAISE(ABORT, 'the chain is append-only'); END;
CREATE TRIGGER ledger_link_delete BEFORE DELETE ON ledger_link
BEGIN SELECT RAISE(ABORT, 'the chain is append-only'); END;
