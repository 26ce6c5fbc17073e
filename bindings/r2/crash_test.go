package r2

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/crashtest"
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
	crashtest.Run(t, 50, putUntilKilled, func(dir string, round int, lines []string) {
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

// uploadUntilKilled completes numbered uploads of two parts, and says which
// parts there are before.
func uploadUntilKilled(dir string, round int, ack func(string)) error {
	b := Open(dir, clock.Real)
	b.minPart = 1
	for i := round*1_000_000 + 1; ; i++ {
		key := strconv.Itoa(i % 4)
		id, err := b.CreateUpload(ctx, key, PutOptions{Custom: []Pair{{"i", strconv.Itoa(i)}}})
		if err != nil {
			return err
		}
		var parts []Part
		for n, text := range crashParts(i) {
			p, err := b.UploadPart(ctx, key, id, n+1, strings.NewReader(text), int64(len(text)), nil)
			if err != nil {
				return err
			}
			parts = append(parts, p)
		}
		ack(fmt.Sprintf("parts %d %s %s %s", i, id, parts[0].ETag, parts[1].ETag))
		if _, err := b.CompleteUpload(ctx, key, id, parts); err != nil {
			return err
		}
		ack(fmt.Sprintf("object %d", i))
	}
}

// crashParts are the content in two parts, the second no larger than the first.
func crashParts(i int) [2]string {
	text := crashContent(i)
	half := (len(text) + 1) / 2
	return [2]string{text[:half], text[half:]}
}

// TestKillUploads: what was completed is there, and an upload that was not can
// go on with the parts it had.
func TestKillUploads(t *testing.T) {
	acked := map[string]int{}
	resumed := 0
	crashtest.Run(t, 50, uploadUntilKilled, func(dir string, round int, lines []string) {
		b := Open(dir, clock.Real)
		b.minPart = 1
		defer func() { must(t, b.Close()) }()
		for _, l := range lines {
			f := strings.Fields(l)
			i, err := strconv.Atoi(f[1])
			must(t, err)
			if f[0] == "object" {
				acked[strconv.Itoa(i%4)] = i
			}
		}
		if f := strings.Fields(lines[len(lines)-1]); f[0] == "parts" {
			i, _ := strconv.Atoi(f[1])
			key := strconv.Itoa(i % 4)
			_, err := b.CompleteUpload(ctx, key, f[2], []Part{{1, f[3]}, {2, f[4]}})
			if err == nil {
				resumed++
			} else if !errors.Is(err, ErrNoSuchUpload) { // it was completed, but did not get to say so
				t.Fatalf("upload %d goes on: %v", i, err)
			}
			acked[key] = i
		}
		for key, i := range acked {
			checkContent(t, b, key, i, get(t, b, key, GetOptions{}))
		}
	})
	t.Logf("%d uploads were resumed", resumed)
}
