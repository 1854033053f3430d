-- Byte by byte, whatever the database's language: lists are in this order, and prefixes are ranges of it.
ALTER TABLE account ALTER COLUMN username_key TYPE text COLLATE "C";

-- What a username looks like; empty in accounts that are older than this column until the service has filled it in.
ALTER TABLE account ADD COLUMN username_skeleton text;
CREATE UNIQUE INDEX account_username_skeleton ON account (username_skeleton);
CREATE INDEX account_without_skeleton ON account (id) WHERE username_skeleton IS NULL;

-- The display name as it is searched for.
ALTER TABLE account ADD COLUMN display_name_key text COLLATE "C";
CREATE INDEX account_by_display_name ON account (display_name_key, username_key) WHERE display_name_key IS NOT NULL;
CREATE INDEX account_active ON account (username_key) WHERE disabled_at IS NULL;
CREATE INDEX account_disabled ON account (username_key) WHERE disabled_at IS NOT NULL;
CREATE INDEX account_administrator ON account (username_key) WHERE roles IN ('user admin', 'admin');

-- Its one row is locked by what must see all accounts as they are: whoever takes an administrator away (two at once must
-- not take the last two), and whoever makes the first.
CREATE TABLE account_lock (
    changes bigint NOT NULL
);
INSERT INTO account_lock (changes) VALUES (0);

CREATE TABLE invitation (
    id         uuid        NOT NULL PRIMARY KEY,
    token_hash bytea       NOT NULL UNIQUE,
    email      text,
    note       text,
    role       text        NOT NULL,
    created_by uuid        NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    used_at    timestamptz,
    used_by    uuid
);

-- The username stays taken until all services have deleted what they had of its owner; then it goes from here, too.
CREATE TABLE deletion (
    id                uuid        NOT NULL PRIMARY KEY,
    user_id           uuid        NOT NULL,
    username_key      text        UNIQUE,
    username_skeleton text,
    requested_at      timestamptz NOT NULL,
    completed_at      timestamptz
);
CREATE INDEX deletion_username_skeleton ON deletion (username_skeleton) WHERE username_skeleton IS NOT NULL;
CREATE INDEX deletion_pending ON deletion (id) WHERE completed_at IS NULL;

CREATE TABLE deletion_acknowledgement (
    deletion_id     uuid        NOT NULL REFERENCES deletion (id),
    consumer        text        NOT NULL,
    acknowledged_at timestamptz NOT NULL,
    PRIMARY KEY (deletion_id, consumer)
);
