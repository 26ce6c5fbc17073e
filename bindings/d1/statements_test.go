package d1_test

import (
	"slices"
	"testing"

	"github.com/miniworker/miniworker/bindings/d1"
)

func TestStatements(t *testing.T) {
	for script, want := range map[string][]string{
		"":                                 nil,
		" ; -- nothing\n;":                 nil,
		"SELECT 1":                         {"SELECT 1"},
		"SELECT 1; SELECT ';' AS \"a;b\";": {"SELECT 1;", "SELECT ';' AS \"a;b\";"},
		"-- it's a note; really\nSELECT 'it''s; so' /* ; */;\nSELECT [a;b] FROM `c;d`": {
			"-- it's a note; really\nSELECT 'it''s; so' /* ; */;", "SELECT [a;b] FROM `c;d`",
		},
		"BEGIN; SELECT CASE WHEN 1 THEN 2 END; COMMIT;": {"BEGIN;", "SELECT CASE WHEN 1 THEN 2 END;", "COMMIT;"},
		"create temp trigger t after insert on a begin update a set n = case when n then 1 else 2 end; delete from b; end; SELECT 2;": {
			"create temp trigger t after insert on a begin update a set n = case when n then 1 else 2 end; delete from b; end;", "SELECT 2;",
		},
		"CREATE TABLE begin_log (trigger TEXT); INSERT INTO begin_log VALUES ('x');": {"CREATE TABLE begin_log (trigger TEXT);", "INSERT INTO begin_log VALUES ('x');"},
	} {
		if got := d1.Statements(script); !slices.Equal(got, want) {
			t.Errorf("%s\ngot  %q\nwant %q", script, got, want)
		}
	}
}
