-- Lists that nobody sees any more; their tasks are removed in the background.
CREATE TABLE list_removal (
    list_id TEXT NOT NULL PRIMARY KEY REFERENCES list (id)
) STRICT, WITHOUT ROWID;

CREATE INDEX task_by_creator ON task (creator_id) WHERE creator_id IS NOT NULL;

CREATE TABLE comment (
    id         TEXT    NOT NULL PRIMARY KEY,
    task_id    TEXT    NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    author_id  TEXT,
    text       TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX comment_by_task ON comment (task_id, id);
CREATE INDEX comment_by_author ON comment (author_id) WHERE author_id IS NOT NULL;
