-- Who changed what, written in the transaction that changes it.

CREATE TABLE audit (
  id     INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL,
  who    TEXT    NOT NULL, -- the operator's name, or the program itself
  action TEXT    NOT NULL, -- "POST /providers"
  object TEXT    NOT NULL, -- what it was done to: "provider 1"
  detail TEXT    NOT NULL  -- JSON: the outcome, without secrets
) STRICT;
CREATE TRIGGER audit_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
