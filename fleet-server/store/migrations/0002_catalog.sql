-- Who is paid, under which tariff and rule, at which kiosks.

CREATE TABLE catalog_state (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL
) STRICT;
INSERT INTO catalog_state (id, version) VALUES (1, 1);

CREATE TABLE house (
  id                  INTEGER PRIMARY KEY CHECK (id = 1),
  agent_name          TEXT    NOT NULL,
  agent_inn           TEXT    NOT NULL,
  hotline             TEXT    NOT NULL,
  offline_per_payment INTEGER NOT NULL,
  offline_total       INTEGER NOT NULL,
  offline_count       INTEGER NOT NULL,
  offline_age_hours   INTEGER NOT NULL
) STRICT;

CREATE TABLE provider (
  id                    INTEGER PRIMARY KEY,
  name                  TEXT    NOT NULL,
  inn                   TEXT    NOT NULL,
  kpp                   TEXT    NOT NULL,
  bank_account          TEXT    NOT NULL,
  bank                  TEXT    NOT NULL,
  bic                   TEXT    NOT NULL,
  correspondent_account TEXT    NOT NULL,
  category              TEXT    NOT NULL,
  account_mask          TEXT    NOT NULL,
  phone                 TEXT    NOT NULL,
  payment_min           INTEGER NOT NULL CHECK (payment_min > 0),
  payment_max           INTEGER NOT NULL CHECK (payment_max >= payment_min),
  osmp_url              TEXT    NOT NULL,
  is_closed             INTEGER NOT NULL DEFAULT 0 CHECK (is_closed IN (0, 1)),
  created_at            INTEGER NOT NULL,
  UNIQUE (bank_account, bic)
) STRICT;

-- Every tariff that a receipt may name. The newest version of a channel is in force.
CREATE TABLE provider_tariff (
  provider INTEGER NOT NULL REFERENCES provider (id),
  channel  INTEGER NOT NULL CHECK (channel BETWEEN 1 AND 4),
  version  INTEGER NOT NULL,
  rate_ppm INTEGER NOT NULL CHECK (rate_ppm BETWEEN 0 AND 1000000),
  fixed    INTEGER NOT NULL,
  minimum  INTEGER NOT NULL,
  maximum  INTEGER,
  PRIMARY KEY (provider, channel, version)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER provider_tariff_update BEFORE UPDATE ON provider_tariff
BEGIN SELECT RAISE(ABORT, 'a tariff version never changes'); END;
CREATE TRIGGER provider_tariff_delete BEFORE DELETE ON provider_tariff
BEGIN SELECT RAISE(ABORT, 'a tariff version never changes'); END;

CREATE TABLE split_rule (
  provider       INTEGER NOT NULL REFERENCES provider (id),
  version        INTEGER NOT NULL CHECK (version > 0),
  effective_from INTEGER NOT NULL,
  text           TEXT    NOT NULL,
  published_at   INTEGER NOT NULL,
  PRIMARY KEY (provider, version)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER split_rule_update BEFORE UPDATE ON split_rule
BEGIN SELECT RAISE(ABORT, 'a rule version never changes'); END;
CREATE TRIGGER split_rule_delete BEFORE DELETE ON split_rule
BEGIN SELECT RAISE(ABORT, 'a rule version never changes'); END;

-- The providers that the rule's receivers were when it was published.
CREATE TABLE split_rule_receiver (
  provider INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  position INTEGER NOT NULL,
  receiver INTEGER NOT NULL REFERENCES provider (id),
  PRIMARY KEY (provider, version, position),
  FOREIGN KEY (provider, version) REFERENCES split_rule (provider, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE kiosk (
  number       INTEGER PRIMARY KEY CHECK (number BETWEEN 1 AND 999999),
  address      TEXT    NOT NULL,
  epoch        INTEGER NOT NULL CHECK (epoch BETWEEN 1 AND 999), -- the open one
  state        INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 2), -- active, quarantined, retired
  state_reason TEXT    NOT NULL DEFAULT '',
  heard_at     INTEGER
) STRICT;

-- How far the chain of each epoch is known here.
CREATE TABLE kiosk_epoch (
  kiosk         INTEGER NOT NULL REFERENCES kiosk (number),
  epoch         INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL DEFAULT 0,
  head_hash     BLOB    NOT NULL CHECK (length(head_hash) = 32),
  opened_at     INTEGER NOT NULL,
  PRIMARY KEY (kiosk, epoch)
) STRICT, WITHOUT ROWID;

-- What happened to kiosks, for the person who asks why one stands still.
CREATE TABLE kiosk_event (
  id     INTEGER PRIMARY KEY,
  kiosk  INTEGER NOT NULL REFERENCES kiosk (number),
  at_ms  INTEGER NOT NULL,
  what   TEXT    NOT NULL, -- enrolled, quarantined, released
  reason TEXT    NOT NULL
) STRICT;
