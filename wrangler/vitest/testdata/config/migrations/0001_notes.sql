-- A note; with a title.
CREATE TABLE notes (title TEXT PRIMARY KEY, body TEXT NOT NULL DEFAULT ';');
ALTER TABLE notes ADD COLUMN words INTEGER;
