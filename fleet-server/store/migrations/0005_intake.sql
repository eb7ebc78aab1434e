-- Records from kiosks, byte for byte, and the payments in them.

CREATE TABLE intake_record (
  kiosk       INTEGER NOT NULL,
  epoch       INTEGER NOT NULL,
  sequence    INTEGER NOT NULL CHECK (sequence > 0),
  hash        BLOB    NOT NULL CHECK (length(hash) = 32), -- of the chain, with this record
  payload     BLOB    NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (kiosk, epoch, sequence),
  FOREIGN KEY (kiosk, epoch) REFERENCES kiosk_epoch (kiosk, epoch)
) STRICT, WITHOUT ROWID;

-- Notes in stackers, by the record that tells of them.
CREATE TABLE intake_note (
  kiosk    INTEGER NOT NULL,
  epoch    INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  value    INTEGER NOT NULL CHECK (value > 0),
  count    INTEGER NOT NULL CHECK (count > 0),
  PRIMARY KEY (kiosk, epoch, sequence, value),
  FOREIGN KEY (kiosk, epoch, sequence) REFERENCES intake_record (kiosk, epoch, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE payment (
  id              INTEGER PRIMARY KEY,
  txn_id          TEXT    NOT NULL UNIQUE,
  kiosk           INTEGER NOT NULL,
  epoch           INTEGER NOT NULL,
  sequence        INTEGER NOT NULL,
  kiosk_at        INTEGER NOT NULL,
  received_at     INTEGER NOT NULL,
  provider        INTEGER NOT NULL, -- as the kiosk said: it may be unknown
  account         TEXT    NOT NULL,
  account_typed   TEXT    NOT NULL,
  channel         INTEGER NOT NULL,
  tariff_version  INTEGER NOT NULL,
  cash            INTEGER NOT NULL CHECK (cash >= 0),
  fee             INTEGER NOT NULL CHECK (fee >= 0),
  credited        INTEGER NOT NULL CHECK (credited >= 0),
  change          INTEGER NOT NULL CHECK (change >= 0),
  debt_shown      INTEGER NOT NULL,
  debt_date       TEXT    NOT NULL,
  was_offline     INTEGER NOT NULL CHECK (was_offline IN (0, 1)),
  routing         INTEGER NOT NULL CHECK (routing IN (0, 1)), -- split, suspense
  rule_version    INTEGER,
  ledger_sequence INTEGER UNIQUE REFERENCES ledger_entry (id), -- NULL: no money in it
  CHECK (cash = fee + credited + change),
  UNIQUE (kiosk, epoch, sequence),
  FOREIGN KEY (kiosk, epoch, sequence) REFERENCES intake_record (kiosk, epoch, sequence)
) STRICT;
CREATE INDEX payment_provider ON payment (provider, account, id);

CREATE TABLE payment_part (
  payment  INTEGER NOT NULL REFERENCES payment (id),
  position INTEGER NOT NULL,
  receiver INTEGER NOT NULL REFERENCES provider (id),
  gross    INTEGER NOT NULL CHECK (gross > 0),
  withheld INTEGER NOT NULL CHECK (withheld >= 0),
  payable  INTEGER NOT NULL CHECK (payable >= 0),
  CHECK (gross = withheld + payable),
  PRIMARY KEY (payment, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE discrepancy (
  id          INTEGER PRIMARY KEY,
  at_ms       INTEGER NOT NULL,
  kiosk       INTEGER NOT NULL,
  txn_id      TEXT    NOT NULL,
  kind        TEXT    NOT NULL,
  explanation TEXT    NOT NULL
) STRICT;
CREATE INDEX discrepancy_txn ON discrepancy (txn_id);

CREATE TRIGGER intake_record_update BEFORE UPDATE ON intake_record
BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER intake_record_delete BEFORE DELETE ON intake_record
BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER intake_note_update BEFORE UPDATE ON intake_note
BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER intake_note_delete BEFORE DELETE ON intake_note
BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER payment_update BEFORE UPDATE ON payment
BEGIN SELECT RAISE(ABORT, 'payments are append-only'); END;
CREATE TRIGGER payment_delete BEFORE DELETE ON payment
BEGIN SELECT RAISE(ABORT, 'payments are append-only'); END;
CREATE TRIGGER payment_part_update BEFORE UPDATE ON payment_part
BEGIN SELECT RAISE(ABORT, 'payments are append-only'); END;
CREATE TRIGGER payment_part_delete BEFORE DELETE ON payment_part
BEGIN SELECT RAISE(ABORT, 'payments are append-only'); END;
