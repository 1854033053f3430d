-- The orders in which lists are read most; others sort what a list has.
CREATE INDEX task_by_status ON task (list_id, status, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX task_by_due ON task (list_id, COALESCE(due_at, 9223372036854775807), id) WHERE deleted_at IS NULL;
CREATE INDEX task_by_priority ON task (list_id, priority, id) WHERE deleted_at IS NULL;

-- Words, and the list as one more: a search reads what the lists of a person have, and not what all have.
CREATE VIRTUAL TABLE task_text USING fts5 (
    list, title, description, content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 0'
);

INSERT INTO task_text (rowid, list, title, description)
    SELECT number, replace(list_id, '-', ''), title, description FROM task;

CREATE TRIGGER task_text_insert AFTER INSERT ON task BEGIN
    INSERT INTO task_text (rowid, list, title, description)
        VALUES (new.number, replace(new.list_id, '-', ''), new.title, new.description);
END;

CREATE TRIGGER task_text_update AFTER UPDATE OF list_id, title, description ON task
WHEN old.list_id <> new.list_id OR old.title <> new.title OR old.description IS NOT new.description BEGIN
    UPDATE task_text SET list = replace(new.list_id, '-', ''), title = new.title, description = new.description
        WHERE rowid = new.number;
END;

CREATE TRIGGER task_text_delete AFTER DELETE ON task BEGIN
    DELETE FROM task_text WHERE rowid = old.number;
END;
