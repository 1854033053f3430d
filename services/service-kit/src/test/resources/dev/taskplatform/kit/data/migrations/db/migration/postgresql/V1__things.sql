CREATE TABLE left_half (
    id    uuid     NOT NULL PRIMARY KEY,
    text  text     NOT NULL,
    words tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('simple', text)) STORED
);

CREATE TABLE right_half (
    id uuid NOT NULL PRIMARY KEY
);
