-- Failed attempts to sign in, by name and by address. Neither is in it, only their fingerprints.
CREATE TABLE throttle_counter (
    kind         text        NOT NULL,
    fingerprint  text        NOT NULL,
    failures     integer     NOT NULL,
    pending      integer     NOT NULL,
    since        timestamptz NOT NULL,
    last_attempt timestamptz NOT NULL,
    locks        integer     NOT NULL,
    locked_until timestamptz,
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (kind, fingerprint)
);
CREATE INDEX throttle_counter_expiry ON throttle_counter (kind, expires_at);
