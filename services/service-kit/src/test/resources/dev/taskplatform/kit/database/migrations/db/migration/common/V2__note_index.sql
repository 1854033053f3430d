CREATE INDEX note_by_text ON note (text);
