ALTER TABLE account ADD COLUMN display_name TEXT;
ALTER TABLE account ADD COLUMN email TEXT;
-- Words parted by spaces.
ALTER TABLE account ADD COLUMN roles TEXT NOT NULL DEFAULT 'user';
ALTER TABLE account ADD COLUMN disabled_at INTEGER;
ALTER TABLE account ADD COLUMN password_changed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE account ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
UPDATE account SET password_changed_at = created_at, updated_at = created_at;

-- No reference to account: what was done outlives who did it.
CREATE TABLE audit_entry (
    id              TEXT    NOT NULL PRIMARY KEY,
    occurred_at     INTEGER NOT NULL,
    kind            TEXT    NOT NULL,
    user_id         TEXT,
    actor_user_id   TEXT,
    actor_client_id TEXT,
    address         TEXT,
    request_id      TEXT,
    details         TEXT    NOT NULL
) STRICT;

-- Its one row is locked until the event is committed: a reader that has seen a position has seen all before it.
CREATE TABLE event_position (
    last INTEGER NOT NULL
) STRICT;
INSERT INTO event_position (last) VALUES (0);

CREATE TABLE event (
    position    INTEGER NOT NULL PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    type        TEXT    NOT NULL,
    user_id     TEXT    NOT NULL,
    session_id  TEXT,
    occurred_at INTEGER NOT NULL
) STRICT;
