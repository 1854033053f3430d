CREATE TABLE webhook (
    id              uuid    NOT NULL PRIMARY KEY,
    user_id         uuid    NOT NULL,
    url             text    NOT NULL,
    events          text    NOT NULL,
    list_id         uuid,
    description     text,
    active          boolean     NOT NULL,
    reason          text,
    secret          bytea    NOT NULL,
    previous_secret bytea,
    previous_until  timestamptz,
    failing_since   timestamptz,
    version         bigint NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);

CREATE INDEX webhook_by_user ON webhook (user_id, id);

-- The outbox: written in the transaction of what happened, in its order.
CREATE TABLE webhook_delivery (
    seq             bigint      NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id              uuid    NOT NULL UNIQUE,
    webhook_id      uuid    NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    list_id         uuid,
    task_id         uuid,
    type            text    NOT NULL,
    payload         text    NOT NULL,
    state           text    NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
    attempts        bigint NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    lease_until     timestamptz NOT NULL,
    last_status     bigint,
    last_error      text,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);

CREATE INDEX webhook_delivery_pending ON webhook_delivery (next_attempt_at) WHERE state = 'pending';
CREATE INDEX webhook_delivery_in_order ON webhook_delivery (webhook_id, task_id, seq) WHERE state = 'pending';
CREATE INDEX webhook_delivery_by_webhook ON webhook_delivery (webhook_id, seq);
CREATE INDEX webhook_delivery_by_end ON webhook_delivery (updated_at) WHERE state <> 'pending';
