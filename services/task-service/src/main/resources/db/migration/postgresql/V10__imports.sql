-- An import: the file is taken apart into rows as it comes, and the rows become tasks in the background.
CREATE TABLE task_import (
    id          uuid    NOT NULL PRIMARY KEY,
    user_id     uuid    NOT NULL,
    format      text    NOT NULL,
    state       text    NOT NULL CHECK (state IN ('receiving', 'waiting', 'running', 'done', 'failed', 'cancelled')),
    received    bigint  NOT NULL,
    created     bigint  NOT NULL,
    refused     bigint  NOT NULL,
    errors      text,
    step        text    NOT NULL CHECK (step IN ('tasks', 'links')),
    done_seq    bigint  NOT NULL,
    lease_until timestamptz NOT NULL,
    attempts    bigint  NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);

CREATE INDEX task_import_by_user ON task_import (user_id, id);
CREATE INDEX task_import_by_state ON task_import (state, lease_until);

CREATE TABLE task_import_row (
    import_id uuid    NOT NULL REFERENCES task_import (id),
    seq       bigint  NOT NULL,
    number    bigint  NOT NULL,
    ref       text,
    entity_id uuid    NOT NULL,
    kind      text    NOT NULL CHECK (kind IN ('list', 'task')),
    linked    boolean NOT NULL,
    data      text    NOT NULL,
    PRIMARY KEY (import_id, seq)
);

CREATE INDEX task_import_row_by_ref ON task_import_row (import_id, ref) WHERE ref IS NOT NULL;
CREATE INDEX task_import_row_linked ON task_import_row (import_id, seq) WHERE linked;
