-- Failed attempts to sign in, by name and by address. Neither is in it, only their fingerprints.
CREATE TABLE throttle_counter (
    kind         TEXT    NOT NULL,
    fingerprint  TEXT    NOT NULL,
    failures     INTEGER NOT NULL,
    pending      INTEGER NOT NULL,
    since        INTEGER NOT NULL,
    last_attempt INTEGER NOT NULL,
    locks        INTEGER NOT NULL,
    locked_until INTEGER,
    expires_at   INTEGER NOT NULL,
    PRIMARY KEY (kind, fingerprint)
) STRICT;
CREATE INDEX throttle_counter_expiry ON throttle_counter (kind, expires_at);
