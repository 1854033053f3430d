CREATE TABLE account (
    id            uuid        NOT NULL PRIMARY KEY,
    username      text        NOT NULL,
    username_key  text        NOT NULL UNIQUE,
    password_hash text        NOT NULL,
    created_at    timestamptz NOT NULL
);

-- One row a generation: replicas that make a key at once agree on who was first.
CREATE TABLE signing_key (
    generation integer     NOT NULL PRIMARY KEY,
    kid        text        NOT NULL UNIQUE,
    sealed     bytea       NOT NULL,
    created_at timestamptz NOT NULL
);
