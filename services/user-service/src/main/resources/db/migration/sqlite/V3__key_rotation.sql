-- When a key began to sign, and when another took its place. Before the first it is only published.
ALTER TABLE signing_key ADD COLUMN signs_since INTEGER;
ALTER TABLE signing_key ADD COLUMN retired_at INTEGER;
UPDATE signing_key SET signs_since = created_at;

-- Seconds that no token of the key outlives; of the keys so far, what the settings allow at most.
ALTER TABLE signing_key ADD COLUMN token_lifetime INTEGER NOT NULL DEFAULT 86400;

-- One row. Who changes keys moves the version on: of replicas that change them at once, one wins.
CREATE TABLE key_ring (
    id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
) STRICT;
INSERT INTO key_ring (id, version) VALUES (1, 0);
