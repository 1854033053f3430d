-- The orders in which lists are read most; others sort what a list has.
CREATE INDEX task_by_status ON task (list_id, status, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX task_by_due ON task (list_id, COALESCE(due_at, 'infinity'), id) WHERE deleted_at IS NULL;
CREATE INDEX task_by_priority ON task (list_id, priority, id) WHERE deleted_at IS NULL;

-- Words, and the list as one more: a search reads what the lists of a person have, and not what all have.
ALTER TABLE task ADD COLUMN words tsvector NOT NULL GENERATED ALWAYS AS (
    to_tsvector('simple', title)
        || to_tsvector('simple', COALESCE(description, ''))
        || array_to_tsvector(ARRAY['list' || replace(list_id::text, '-', '')])
) STORED;

CREATE INDEX task_by_words ON task USING gin (words) WHERE deleted_at IS NULL;
