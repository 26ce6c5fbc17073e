package durable

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/internal/crashtest"
)

// The child writes numbered transactions to one of a few objects: a key, a row
// and the alarm together, all carrying the number.
const crashObjects = 3

func crashValue(n int) []byte { return bytes.Repeat([]byte(strconv.Itoa(n)+","), 500+n%1000) }

func writeUntilKilled(dir string, round int, ack func(string)) error {
	n, err := OpenNamespace(dir, "w", "C")
	if err != nil {
		return err
	}
	for i := round * 1_000_000; ; i++ {
		s, err := n.Object(testID(i % crashObjects))
		if err != nil {
			return err
		}
		if err := crashTransaction(s, i); err != nil {
			return err
		}
		ack(strconv.Itoa(i))
	}
}

func crashTransaction(s *Storage, i int) error {
	if err := s.Begin(); err != nil {
		return err
	}
	if err := s.Put(Entry{"n", crashValue(i)}, Entry{fmt.Sprintf("k%09d", i), crashValue(i)}); err != nil {
		return err
	}
	if _, err := s.Exec("CREATE TABLE IF NOT EXISTS t(n INTEGER)", nil); err != nil {
		return err
	}
	if _, err := s.Exec("INSERT INTO t VALUES (?)", []any{int64(i)}); err != nil {
		return err
	}
	if i%5 == 0 {
		if err := s.DeleteAlarm(); err != nil {
			return err
		}
	} else if err := s.SetAlarm(int64(i)); err != nil {
		return err
	}
	return s.Commit()
}

func TestKill(t *testing.T) {
	acked := map[int]bool{}
	crashtest.Run(t, 50, writeUntilKilled, func(dir string, round int, lines []string) {
		for _, l := range lines {
			i, err := strconv.Atoi(l)
			noError(t, err)
			acked[i] = true
		}
		n, err := OpenNamespace(dir, "w", "C")
		noError(t, err)
		defer func() { noError(t, n.Close()) }()
		alarms := map[string]int64{}
		list, err := n.Alarms()
		noError(t, err)
		for _, a := range list {
			alarms[a.ID] = a.At
		}
		for o := range crashObjects {
			checkObject(t, n, o, acked, alarms)
		}
	})
}

// checkObject compares the traces each transaction leaves with each other and
// with what was acknowledged.
func checkObject(t *testing.T, n *Namespace, o int, acked map[int]bool, alarms map[string]int64) {
	t.Helper()
	s, err := n.Object(testID(o))
	noError(t, err)
	entries, err := s.List(Range{Prefix: "k"})
	noError(t, err)
	if len(entries) == 0 {
		return
	}
	stored, last := map[int]bool{}, 0
	for _, e := range entries {
		i, err := strconv.Atoi(strings.TrimPrefix(e.Key, "k"))
		noError(t, err)
		if !bytes.Equal(e.Value, crashValue(i)) {
			t.Fatalf("value of write %d is torn", i)
		}
		stored[i], last = true, i
	}
	for i := range acked {
		if i%crashObjects == o && !stored[i] {
			t.Fatalf("acknowledged write %d is gone", i)
		}
	}
	rows := queryAll(t, s, "SELECT n FROM t ORDER BY n")
	if len(rows) != len(stored) || rows[len(rows)-1][0] != int64(last) {
		t.Fatalf("%d rows but %d keys", len(rows), len(stored))
	}
	if v, _, err := s.Get("n"); err != nil || !bytes.Equal(v, crashValue(last)) {
		t.Fatalf("the key of every transaction is not of the last one, %d", last)
	}
	at, ok, err := s.GetAlarm()
	noError(t, err)
	if indexed, there := alarms[testID(o)]; ok != (last%5 != 0) || ok && at != int64(last) || there != ok || indexed != at {
		t.Fatalf("alarm %d %v, in the index %d %v, last write %d", at, ok, indexed, there, last)
	}
}
