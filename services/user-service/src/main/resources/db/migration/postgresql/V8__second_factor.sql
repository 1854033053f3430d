-- The authenticator of an account; counts once it is enabled.
CREATE TABLE totp (
    user_id       uuid        NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    id            uuid        NOT NULL,
    sealed_secret bytea       NOT NULL,
    created_at    timestamptz NOT NULL,
    enabled_at    timestamptz,
    -- No code of this or an earlier time step is taken again.
    last_step     bigint
);

-- A code that was used has no row.
CREATE TABLE recovery_code (
    user_id   uuid  NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    code_hash bytea NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);
