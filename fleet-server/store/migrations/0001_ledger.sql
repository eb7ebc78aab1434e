-- Double-entry books. Amounts are kopecks, times milliseconds UTC.

CREATE TABLE ledger_account (
  id              INTEGER PRIMARY KEY,
  name            TEXT    NOT NULL UNIQUE,
  kind            INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3), -- asset, liability, income, expense
  currency        TEXT    NOT NULL DEFAULT 'RUB',
  may_go_negative INTEGER NOT NULL CHECK (may_go_negative IN (0, 1)),
  is_closed       INTEGER NOT NULL DEFAULT 0 CHECK (is_closed IN (0, 1)),
  debits_pending  INTEGER NOT NULL DEFAULT 0 CHECK (debits_pending >= 0),
  credits_pending INTEGER NOT NULL DEFAULT 0 CHECK (credits_pending >= 0),
  debits_posted   INTEGER NOT NULL DEFAULT 0 CHECK (debits_posted >= 0),
  credits_posted  INTEGER NOT NULL DEFAULT 0 CHECK (credits_posted >= 0)
) STRICT;

CREATE TABLE ledger_entry (
  id        INTEGER PRIMARY KEY,      -- dense from 1: the ledger sequence
  at_ms     INTEGER NOT NULL UNIQUE,  -- strictly rising
  kind      TEXT    NOT NULL,
  reference TEXT    NOT NULL,
  reverses  INTEGER REFERENCES ledger_entry (id),
  hash      BLOB    NOT NULL CHECK (length(hash) = 32),
  UNIQUE (reference, kind)            -- one business event is posted once
) STRICT;

CREATE TABLE ledger_transfer (
  id     INTEGER PRIMARY KEY,         -- dense from 1
  entry  INTEGER NOT NULL REFERENCES ledger_entry (id),
  kind   INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3), -- post, hold, settle, release
  debit  INTEGER NOT NULL REFERENCES ledger_account (id),
  credit INTEGER NOT NULL REFERENCES ledger_account (id),
  amount INTEGER NOT NULL CHECK (amount > 0 AND amount <= 10000000000000),
  hold   INTEGER REFERENCES ledger_transfer (id),       -- what a settle or release resolves
  CHECK (debit <> credit),
  CHECK ((hold IS NOT NULL) = (kind IN (2, 3)))
) STRICT;
CREATE INDEX ledger_transfer_entry ON ledger_transfer (entry);
CREATE INDEX ledger_transfer_debit ON ledger_transfer (debit, id);
CREATE INDEX ledger_transfer_credit ON ledger_transfer (credit, id);
-- A hold is resolved at most once.
CREATE UNIQUE INDEX ledger_transfer_hold ON ledger_transfer (hold) WHERE hold IS NOT NULL;

CREATE TRIGGER ledger_entry_update BEFORE UPDATE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'ledger entries are append-only'); END;
CREATE TRIGGER ledger_entry_delete BEFORE DELETE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'ledger entries are append-only'); END;
CREATE TRIGGER ledger_transfer_update BEFORE UPDATE ON ledger_transfer
BEGIN SELECT RAISE(ABORT, 'transfers are append-only'); END;
CREATE TRIGGER ledger_transfer_delete BEFORE DELETE ON ledger_transfer
BEGIN SELECT RAISE(ABORT, 'transfers are append-only'); END;
CREATE TRIGGER ledger_account_update
BEFORE UPDATE OF id, name, kind, currency, may_go_negative ON ledger_account
BEGIN SELECT RAISE(ABORT, 'an account keeps its name and kind'); END;
CREATE TRIGGER ledger_account_delete BEFORE DELETE ON ledger_account
BEGIN SELECT RAISE(ABORT, 'accounts are closed, not deleted'); END;
