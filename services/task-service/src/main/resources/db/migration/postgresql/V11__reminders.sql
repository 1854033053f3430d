-- Reminders that are still to come.
CREATE TABLE task_reminder (
    task_id   uuid        NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    reminder  text        NOT NULL,
    remind_at timestamptz NOT NULL,
    PRIMARY KEY (task_id, reminder)
);

CREATE INDEX task_reminder_by_time ON task_reminder (remind_at);
