CREATE TABLE note (
    id uuid PRIMARY KEY,
    text text NOT NULL,
    created_at timestamptz NOT NULL
);
