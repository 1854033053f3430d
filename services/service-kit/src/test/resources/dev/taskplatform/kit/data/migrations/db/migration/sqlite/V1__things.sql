-- Two tables whose rows come in pairs.
CREATE TABLE left_half (
    number INTEGER NOT NULL PRIMARY KEY,
    id     TEXT    NOT NULL UNIQUE,
    text   TEXT    NOT NULL
) STRICT;

CREATE TABLE right_half (
    id TEXT NOT NULL PRIMARY KEY
) STRICT;

CREATE VIRTUAL TABLE left_text USING fts5 (text, content = '', contentless_delete = 1);

CREATE TRIGGER left_text_insert AFTER INSERT ON left_half BEGIN
    INSERT INTO left_text (rowid, text) VALUES (new.number, new.text);
END;
