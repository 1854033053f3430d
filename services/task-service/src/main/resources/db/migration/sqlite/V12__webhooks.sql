CREATE TABLE webhook (
    id              TEXT    NOT NULL PRIMARY KEY,
    user_id         TEXT    NOT NULL,
    url             TEXT    NOT NULL,
    events          TEXT    NOT NULL,
    list_id         TEXT,
    description     TEXT,
    active          INTEGER NOT NULL CHECK (active IN (0, 1)),
    reason          TEXT,
    secret          BLOB    NOT NULL,
    previous_secret BLOB,
    previous_until  INTEGER,
    failing_since   INTEGER,
    version         INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;

CREATE INDEX webhook_by_user ON webhook (user_id, id);

-- The outbox: written in the transaction of what happened, in its order.
CREATE TABLE webhook_delivery (
    seq             INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id              TEXT    NOT NULL UNIQUE,
    webhook_id      TEXT    NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    list_id         TEXT,
    task_id         TEXT,
    type            TEXT    NOT NULL,
    payload         TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
    attempts        INTEGER NOT NULL,
    next_attempt_at INTEGER NOT NULL,
    lease_until     INTEGER NOT NULL,
    last_status     INTEGER,
    last_error      TEXT,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;

CREATE INDEX webhook_delivery_pending ON webhook_delivery (next_attempt_at) WHERE state = 'pending';
CREATE INDEX webhook_delivery_in_order ON webhook_delivery (webhook_id, task_id, seq) WHERE state = 'pending';
CREATE INDEX webhook_delivery_by_webhook ON webhook_delivery (webhook_id, seq);
CREATE INDEX webhook_delivery_by_end ON webhook_delivery (updated_at) WHERE state <> 'pending';
