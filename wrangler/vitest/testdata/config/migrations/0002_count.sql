CREATE TRIGGER count_words AFTER INSERT ON notes
BEGIN
  UPDATE notes SET words = CASE WHEN NEW.body = '' THEN 0 ELSE length(NEW.body) - length(replace(NEW.body, ' ', '')) + 1 END WHERE title = NEW.title;
END;
