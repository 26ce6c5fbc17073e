package r2

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/bindings/internal/store/crashtest"
	"github.com/miniworker/miniworker/internal/clock"
)

// The child puts numbered contents of many sizes at a few keys from a few
// goroutines; a key only ever gets growing numbers.
const crashWriters = 3

func crashContent(i int) string {
	return strings.Repeat(fmt.Sprintf("%d,", i), 1+i*7919%12_000)
}

func putUntilKilled(dir string, round int, ack func(string)) error {
	b := Open(dir, clock.Real)
	errs := make(chan error)
	for w := range crashWriters {
		go func() {
			for i := round*1_000_000 + 1; ; i++ {
				key := fmt.Sprintf("%d-%d", w, i%4)
				text := crashContent(i)
				if _, err := b.Put(ctx, key, strings.NewReader(text), int64(len(text)), PutOptions{Custom: []Pair{{"i", strconv.Itoa(i)}}}); err != nil {
					errs <- err
					return
				}
				ack(key + " " + strconv.Itoa(i))
			}
		}()
	}
	return <-errs
}

func TestKill(t *testing.T) {
	acked := map[string]int{}
	crashtest.Run(t, 50, func(dir string, round int, lines []string) {
		for _, l := range lines {
			key, number, _ := strings.Cut(l, " ")
			i, err := strconv.Atoi(number)
			must(t, err)
			acked[key] = i
		}
		b := Open(dir, clock.Real)
		files := 0
		for key, i := range acked {
			o, body, err := b.Get(ctx, key, GetOptions{})
			must(t, err)
			if o == nil {
				t.Fatalf("acknowledged %s %d is gone", key, i)
			}
			text, err := io.ReadAll(body)
			must(t, err)
			must(t, body.Close())
			is, err := b.Head(ctx, key)
			must(t, err)
			if is.Size > maxInline {
				files++
			}
			checkContent(t, b, key, i, string(text))
		}
		// Objects put but not acknowledged may add to the files, never more
		// than one per key.
		if left := blobs(t, b); len(left) < files || len(left) > files+4*crashWriters {
			t.Fatalf("%d files for %d objects", len(left), files)
		}
		must(t, b.Close())
	})
}

// checkContent: the content is whole and of the acknowledged put or a later one.
func checkContent(t *testing.T, b *Bucket, key string, acked int, text string) {
	t.Helper()
	number, _, _ := strings.Cut(text, ",")
	i, err := strconv.Atoi(number)
	if err != nil || i < acked || text != crashContent(i) {
		t.Fatalf("%s: %d bytes of put %s, acknowledged %d", key, len(text), number, acked)
	}
	l, err := b.List(ctx, ListOptions{Prefix: key, IncludeCustom: true})
	must(t, err)
	if got := l.Objects[0].Custom; len(got) != 1 || got[0].Value != number {
		t.Fatalf("%s: metadata %v with content %s", key, got, number)
	}
}
