-- Lists are in the order of time, by one of these or all.
CREATE INDEX audit_entry_by_time ON audit_entry (occurred_at, id);
CREATE INDEX audit_entry_by_user ON audit_entry (user_id, occurred_at, id);
CREATE INDEX audit_entry_by_actor ON audit_entry (actor_user_id, occurred_at, id);
CREATE INDEX audit_entry_by_kind ON audit_entry (kind, occurred_at, id);

-- One row: only what happened before it may be removed. It moves with the end of the retention.
CREATE TABLE audit_horizon (
    kept_from timestamptz NOT NULL
);
INSERT INTO audit_horizon (kept_from) VALUES ('epoch');

-- Entries are only ever added, also where a program forgets it.
CREATE FUNCTION audit_entry_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit entries are never changed';
END
$$;

CREATE FUNCTION audit_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.occurred_at >= (SELECT kept_from FROM audit_horizon) THEN
        RAISE EXCEPTION 'audit entries are kept until the end of audit.retention';
    END IF;
    RETURN OLD;
END
$$;

CREATE TRIGGER audit_entry_never_changes BEFORE UPDATE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_never_changes();
CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_is_kept();
CREATE TRIGGER audit_entry_is_not_truncated BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_never_changes();
