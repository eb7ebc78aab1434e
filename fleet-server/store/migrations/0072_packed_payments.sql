-- Payments packed: a record and how it was posted are one row; debts and forwardings are kept a
-- commit at a time. 0071 has refused every database that had payments.

DROP TABLE payment_part;
DROP TABLE payment;
DROP TABLE intake_note;
DROP TABLE intake_record;

CREATE TABLE intake_record (
  id          INTEGER PRIMARY KEY, -- order of arrival, dense from 1
  kiosk       INTEGER NOT NULL,
  epoch       INTEGER NOT NULL,
  sequence    INTEGER NOT NULL CHECK (sequence > 0),
  received_at INTEGER NOT NULL,
  hash        BLOB CHECK (length(hash) = 32), -- of the chain, with every 64th record of an epoch
  payload     BLOB NOT NULL,       -- byte for byte as the kiosk sent it
  posting     BLOB NOT NULL        -- see fleet-server/intake/record_posting.hpp
) STRICT;
CREATE TRIGGER intake_record_update BEFORE UPDATE ON intake_record
BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER intake_record_delete BEFORE DELETE ON intake_record
BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;

-- What payments take off debts, the payments of a commit in one row: fleet-server/debts.
CREATE TABLE debt_payments (
  first INTEGER PRIMARY KEY, -- ledger sequence of the first of them
  body  BLOB NOT NULL
) STRICT;
CREATE TRIGGER debt_payments_update BEFORE UPDATE ON debt_payments
BEGIN SELECT RAISE(ABORT, 'movements are append-only'); END;
CREATE TRIGGER debt_payments_delete BEFORE DELETE ON debt_payments
BEGIN SELECT RAISE(ABORT, 'movements are append-only'); END;

-- Payments up to this ledger sequence are in debt_account.balance; later ones are to be added.
CREATE TABLE debt_fold (
  id   INTEGER PRIMARY KEY CHECK (id = 1),
  upto INTEGER NOT NULL
) STRICT;
INSERT INTO debt_fold (id, upto) VALUES (1, 0);

-- Where a movement stands among the payments: the last ledger sequence before it.
ALTER TABLE debt_movement ADD COLUMN after_sequence INTEGER NOT NULL DEFAULT 0;

-- Accepted and not looked at by a gateway yet, the payments of a commit in one row. A gateway moves
-- them to the outbox.
CREATE TABLE outbox_waiting (
  id       INTEGER PRIMARY KEY,
  payments INTEGER NOT NULL,
  body     BLOB    NOT NULL -- see fleet-server/gateways/waiting.hpp
) STRICT;
