-- Lists are in the order of time, by one of these or all.
CREATE INDEX audit_entry_by_time ON audit_entry (occurred_at, id);
CREATE INDEX audit_entry_by_user ON audit_entry (user_id, occurred_at, id);
CREATE INDEX audit_entry_by_actor ON audit_entry (actor_user_id, occurred_at, id);
CREATE INDEX audit_entry_by_kind ON audit_entry (kind, occurred_at, id);

-- One row: only what happened before it may be removed. It moves with the end of the retention.
CREATE TABLE audit_horizon (
    kept_from INTEGER NOT NULL
) STRICT;
INSERT INTO audit_horizon (kept_from) VALUES (0);

-- Entries are only ever added, also where a program forgets it.
CREATE TRIGGER audit_entry_never_changes BEFORE UPDATE ON audit_entry
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never changed');
END;

CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_entry
WHEN OLD.occurred_at >= (SELECT kept_from FROM audit_horizon)
BEGIN
    SELECT RAISE(ABORT, 'audit entries are kept until the end of audit.retention');
END;

-- INSERT OR REPLACE removes a row without the trigger above.
CREATE TRIGGER audit_entry_is_not_replaced BEFORE INSERT ON audit_entry
WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'audit entries are never changed');
END;
