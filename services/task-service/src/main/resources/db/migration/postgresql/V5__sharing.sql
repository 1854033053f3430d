-- Lists that nobody sees any more; their tasks are removed in the background.
CREATE TABLE list_removal (
    list_id uuid NOT NULL PRIMARY KEY REFERENCES list (id)
);

CREATE INDEX task_by_creator ON task (creator_id) WHERE creator_id IS NOT NULL;

CREATE TABLE comment (
    id         uuid        NOT NULL PRIMARY KEY,
    task_id    uuid        NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    author_id  uuid,
    text       text        NOT NULL,
    version    bigint      NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE INDEX comment_by_task ON comment (task_id, id);
CREATE INDEX comment_by_author ON comment (author_id) WHERE author_id IS NOT NULL;
