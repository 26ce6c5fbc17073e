package kv

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/crashtest"
)

func crashValue(i int) string { return strings.Repeat(strconv.Itoa(i)+",", 1+i*7919%5_000) }

// putUntilKilled puts numbered values at a few keys from a few goroutines; a key
// only ever gets growing numbers. Every seventh is deleted again.
func putUntilKilled(dir string, round int, ack func(string)) error {
	n := Open(dir, clock.Real)
	errs := make(chan error)
	for w := range 3 {
		go func() {
			for i := round*1_000_000 + 1; ; i++ {
				key := fmt.Sprintf("%d-%d", w, i%4)
				err := n.Put(ctx, key, []byte(crashValue(i)), PutOptions{Metadata: []byte(strconv.Itoa(i))})
				if err == nil && i%7 == 0 {
					ack(fmt.Sprint("deleting ", key, " ", i))
					err = n.Delete(ctx, key)
				}
				if err != nil {
					errs <- err
					return
				}
				ack(fmt.Sprint("is ", key, " ", i))
			}
		}()
	}
	return <-errs
}

// Every value that was put is there with its metadata, or a later one is.
func TestKill(t *testing.T) {
	acked := map[string]int{}
	deleting := map[string]string{} // by key whose last known put is followed by a delete: how far that is known to be
	crashtest.Run(t, 40, putUntilKilled, func(dir string, round int, lines []string) {
		for _, l := range lines {
			f := strings.Fields(l)
			i, err := strconv.Atoi(f[2])
			must(t, err)
			acked[f[1]] = i
			if deleting[f[1]] = ""; i%7 == 0 {
				deleting[f[1]] = f[0]
			}
		}
		n := Open(dir, clock.Real)
		defer func() { must(t, n.Close()) }()
		for key, i := range acked {
			e, err := n.Get(ctx, key)
			must(t, err)
			if e == nil {
				if deleting[key] == "" {
					t.Fatalf("acknowledged %s %d is gone", key, i)
				}
				continue
			}
			is, err := strconv.Atoi(string(e.Metadata))
			if err != nil || is < i || is == i && deleting[key] == "is" || string(e.Value) != crashValue(is) {
				t.Fatalf("%s: %d bytes with metadata %s, acknowledged %d", key, len(e.Value), e.Metadata, i)
			}
		}
	})
}
