-- What a rule remembers from one payment to the next. Changes in the transaction of the payment, in
-- the order of the ledger, so that a verification reproduces it.

-- The fraction of a kopeck that each share of a carrying allocation is still owed.
CREATE TABLE split_residue (
  provider INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  position INTEGER NOT NULL, -- of the share, through all carrying steps of the rule
  parts    INTEGER NOT NULL,
  PRIMARY KEY (provider, version, position),
  FOREIGN KEY (provider, version) REFERENCES split_rule (provider, version)
) STRICT, WITHOUT ROWID;

-- What a capped receiver has had in a period, UTC, by the server's time.
CREATE TABLE split_taken (
  provider INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  position INTEGER NOT NULL, -- of the cap among the caps of the rule
  period   TEXT    NOT NULL, -- "2010-02-05", "2010-02", "2010"
  taken    INTEGER NOT NULL CHECK (taken >= 0),
  PRIMARY KEY (provider, version, position, period),
  FOREIGN KEY (provider, version) REFERENCES split_rule (provider, version)
) STRICT, WITHOUT ROWID;
