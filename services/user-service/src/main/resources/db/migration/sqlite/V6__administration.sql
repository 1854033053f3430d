-- What a username looks like; empty in accounts that are older than this column until the service has filled it in.
ALTER TABLE account ADD COLUMN username_skeleton TEXT;
CREATE UNIQUE INDEX account_username_skeleton ON account (username_skeleton);
CREATE INDEX account_without_skeleton ON account (id) WHERE username_skeleton IS NULL;

-- The display name as it is searched for.
ALTER TABLE account ADD COLUMN display_name_key TEXT;
CREATE INDEX account_by_display_name ON account (display_name_key, username_key) WHERE display_name_key IS NOT NULL;
CREATE INDEX account_active ON account (username_key) WHERE disabled_at IS NULL;
CREATE INDEX account_disabled ON account (username_key) WHERE disabled_at IS NOT NULL;
CREATE INDEX account_administrator ON account (username_key) WHERE roles IN ('user admin', 'admin');

-- Its one row is locked by what must see all accounts as they are: whoever takes an administrator away (two at once must
-- not take the last two), and whoever makes the first.
CREATE TABLE account_lock (
    changes INTEGER NOT NULL
) STRICT;
INSERT INTO account_lock (changes) VALUES (0);

CREATE TABLE invitation (
    id         TEXT    NOT NULL PRIMARY KEY,
    token_hash BLOB    NOT NULL UNIQUE,
    email      TEXT,
    note       TEXT,
    role       TEXT    NOT NULL,
    created_by TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    used_at    INTEGER,
    used_by    TEXT
) STRICT;

-- The username stays taken until all services have deleted what they had of its owner; then it goes from here, too.
CREATE TABLE deletion (
    id                TEXT    NOT NULL PRIMARY KEY,
    user_id           TEXT    NOT NULL,
    username_key      TEXT    UNIQUE,
    username_skeleton TEXT,
    requested_at      INTEGER NOT NULL,
    completed_at      INTEGER
) STRICT;
CREATE INDEX deletion_username_skeleton ON deletion (username_skeleton) WHERE username_skeleton IS NOT NULL;
CREATE INDEX deletion_pending ON deletion (id) WHERE completed_at IS NULL;

CREATE TABLE deletion_acknowledgement (
    deletion_id     TEXT    NOT NULL REFERENCES deletion (id),
    consumer        TEXT    NOT NULL,
    acknowledged_at INTEGER NOT NULL,
    PRIMARY KEY (deletion_id, consumer)
) STRICT;
