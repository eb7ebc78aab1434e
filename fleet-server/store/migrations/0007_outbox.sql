-- Payments that providers must be told of. A row is never deleted; what was once sent never changes.

CREATE TABLE outbox (
  id           INTEGER PRIMARY KEY,  -- order of acceptance
  txn_id       TEXT    NOT NULL UNIQUE,
  provider     INTEGER NOT NULL,
  account      TEXT    NOT NULL,
  sum          INTEGER NOT NULL CHECK (sum > 0),
  payable      INTEGER NOT NULL CHECK (payable >= 0),
  enqueued_at  INTEGER NOT NULL,
  state        INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 4), -- new, sent, unknown, ok, refused
  request      TEXT    NOT NULL DEFAULT '',
  attempts     INTEGER NOT NULL DEFAULT 0,
  setbacks     INTEGER NOT NULL DEFAULT 0,
  doubts       INTEGER NOT NULL DEFAULT 0,
  next_at      INTEGER NOT NULL,
  in_flight    INTEGER NOT NULL DEFAULT 0 CHECK (in_flight IN (0, 1)),
  needs_person INTEGER NOT NULL DEFAULT 0 CHECK (needs_person IN (0, 1)),
  result       INTEGER NOT NULL DEFAULT 0,
  provider_txn TEXT    NOT NULL DEFAULT '',
  comment      TEXT    NOT NULL DEFAULT '',
  CHECK ((request <> '') = (attempts > 0)),
  CHECK (state NOT IN (1, 2, 3) OR attempts > 0),
  CHECK (state < 3 OR in_flight = 0)
) STRICT;
CREATE INDEX outbox_due ON outbox (provider, next_at) WHERE state < 3 AND in_flight = 0;
CREATE INDEX outbox_open_account ON outbox (provider, account, id) WHERE state < 3;
CREATE INDEX outbox_in_flight ON outbox (id) WHERE in_flight = 1;
CREATE INDEX outbox_needs_person ON outbox (id) WHERE needs_person = 1;

CREATE TRIGGER outbox_identity
BEFORE UPDATE OF id, txn_id, provider, account, sum, payable, enqueued_at ON outbox
BEGIN SELECT RAISE(ABORT, 'a forwarding keeps what it is about'); END;
CREATE TRIGGER outbox_request BEFORE UPDATE OF request ON outbox
WHEN OLD.request <> '' AND NEW.request <> OLD.request
BEGIN SELECT RAISE(ABORT, 'a request is the same for life'); END;
CREATE TRIGGER outbox_final BEFORE UPDATE OF state ON outbox WHEN OLD.state >= 3
BEGIN SELECT RAISE(ABORT, 'a final answer is final'); END;
CREATE TRIGGER outbox_delete BEFORE DELETE ON outbox
BEGIN SELECT RAISE(ABORT, 'the outbox is append-only'); END;

-- What happened to each of them, for `payment show`.
CREATE TABLE outbox_story (
  id     INTEGER PRIMARY KEY,
  outbox INTEGER NOT NULL REFERENCES outbox (id),
  at     INTEGER NOT NULL,
  what   TEXT    NOT NULL
) STRICT;
CREATE INDEX outbox_story_outbox ON outbox_story (outbox, id);
