-- What residents owe providers: documents of the providers and a log of changes.

CREATE TABLE debt_account (
  id          INTEGER PRIMARY KEY,
  provider    INTEGER NOT NULL REFERENCES provider (id),
  account     TEXT    NOT NULL,           -- canonical
  written     TEXT    NOT NULL,           -- as the register has it
  payer       TEXT    NOT NULL DEFAULT '',
  address     TEXT    NOT NULL DEFAULT '',
  balance     INTEGER NOT NULL DEFAULT 0, -- positive: debt; negative: advance
  invoice     INTEGER REFERENCES debt_invoice (id), -- the one on which the debt stands
  UNIQUE (provider, account)
) STRICT;

CREATE TABLE debt_invoice (
  id          INTEGER PRIMARY KEY,
  account     INTEGER NOT NULL REFERENCES debt_account (id),
  date        TEXT    NOT NULL,
  number      TEXT    NOT NULL,
  charged     INTEGER NOT NULL,
  balance     INTEGER NOT NULL,
  to_pay      INTEGER NOT NULL,
  import      INTEGER NOT NULL,
  imported_at INTEGER NOT NULL
) STRICT;
-- The same invoice may come again corrected; the last row of a number counts.
CREATE INDEX debt_invoice_account ON debt_invoice (account, date, number);

CREATE TABLE debt_line (
  account  INTEGER NOT NULL REFERENCES debt_account (id),
  period   TEXT    NOT NULL,
  position INTEGER NOT NULL,
  service  TEXT    NOT NULL,
  unit     TEXT    NOT NULL,
  tariff   TEXT    NOT NULL, -- decimal text as printed
  quantity TEXT    NOT NULL,
  amount   INTEGER NOT NULL,
  import   INTEGER NOT NULL,
  PRIMARY KEY (account, period, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE debt_movement (
  id              INTEGER PRIMARY KEY,
  account         INTEGER NOT NULL REFERENCES debt_account (id),
  kind            INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3), -- invoice, correction, payment, taken back
  change          INTEGER NOT NULL,
  balance         INTEGER NOT NULL, -- afterwards
  reference       TEXT    NOT NULL, -- invoice number, txn_id
  ledger_sequence INTEGER REFERENCES ledger_entry (id),
  at_ms           INTEGER NOT NULL
) STRICT;
CREATE INDEX debt_movement_account ON debt_movement (account, id);
-- A payment moves a debt once, and is taken back at most once.
CREATE UNIQUE INDEX debt_movement_payment ON debt_movement (reference, kind) WHERE kind IN (2, 3);

CREATE TRIGGER debt_movement_update BEFORE UPDATE ON debt_movement
BEGIN SELECT RAISE(ABORT, 'movements are append-only'); END;
CREATE TRIGGER debt_movement_delete BEFORE DELETE ON debt_movement
BEGIN SELECT RAISE(ABORT, 'movements are append-only'); END;
CREATE TRIGGER debt_invoice_update BEFORE UPDATE ON debt_invoice
BEGIN SELECT RAISE(ABORT, 'invoices are append-only'); END;
CREATE TRIGGER debt_invoice_delete BEFORE DELETE ON debt_invoice
BEGIN SELECT RAISE(ABORT, 'invoices are append-only'); END;
