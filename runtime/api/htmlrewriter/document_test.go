package htmlrewriter

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/runtime/api/htmlrewriter/selector"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/runtime/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// recorder is a runner whose handlers write down the tokens they get.
type recorder struct{ log []string }

func (r *recorder) call(t token, handlers []*handler) error {
	switch t := t.(type) {
	case *element:
		r.log = append(r.log, "<"+t.tag.name)
	case *endTag:
		r.log = append(r.log, "</"+t.name)
	case *comment:
		r.log = append(r.log, "!"+t.text)
	case *text:
		// Chunks depend on how the bytes came; a node as a whole does not.
		if n := len(r.log); n > 0 && strings.HasPrefix(r.log[n-1], "text ") {
			r.log[n-1] += t.text
		} else {
			r.log = append(r.log, "text "+t.text)
		}
		if t.last {
			r.log = append(r.log, "end of text")
		}
	}
	return nil
}

func (r *recorder) take(content) (io.ReadCloser, error) {
	return nil, fmt.Errorf("no streams here")
}

// pieces gives a document in pieces of a size.
type pieces struct {
	data []byte
	size int
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.data) == 0 {
		return 0, io.EOF
	}
	n := copy(b[:min(p.size, len(b))], p.data)
	p.data = p.data[n:]
	return n, nil
}

func (p *pieces) Close() error { return nil }

func watchAll(t testing.TB, withText bool) *Rewriter {
	t.Helper()
	all, err := selector.Parse("*")
	if err != nil {
		t.Fatal(err)
	}
	h := &handler{this: jsg.Undefined, f: jsg.Undefined}
	r := &Rewriter{elements: []elementHandlers{{selectors: all, element: h, comments: h}}, documents: []documentHandlers{{doctype: h, end: h}}}
	if withText {
		r.documents[0].text = h
	}
	return r
}

func rewriteIn(t testing.TB, doc string, size int, r *Rewriter) (string, []string, error) {
	t.Helper()
	var out writer
	rec := &recorder{}
	src := newSource(wire.NewBody(&pieces{[]byte(doc), size}, -1))
	src.wait = func() error { return nil }
	err := newDocument(r, src, rec, &out, codec{}).rewrite()
	return out.String(), rec.log, err
}

var documents = []string{
	`<!DOCTYPE html><html lang=en><head><title>a<b>&amp;</title><script>if (a<b) "</scrip" + '<!--<script>' </script>--></script></head>` +
		`<body class='x'>text <b>bold</b> a < b <3 <!-- c --> <?pi?> </ bogus> <svg><a/><![CDATA[x<y]]></svg><textarea></text</textarea>é&eacute;</body></html>`,
	"<p>a<", "<p>a</", "<p>a<b c=d", "<!-- x", "<script>abc", "<plaintext>a<b>", "<svg><title>a<b>", "<p/><br/>", "", "<", "é<p>é",
	"<style>" + strings.Repeat("a{b:c} < ", 700) + "</style>x", strings.Repeat("long text < ", 600) + "<p>", "<script><!--" + strings.Repeat("x ", 3000) + "--></script>",
}

func TestBytesGoThroughUntouched(t *testing.T) {
	for i, doc := range documents {
		whole, tokens, err := rewriteIn(t, doc, len(doc)+1, watchAll(t, true))
		if err != nil || whole != doc {
			t.Fatalf("document %d: %v, %q", i, err, whole)
		}
		for _, size := range []int{1, 2, 3, 7, 64, 4096} {
			got, parts, err := rewriteIn(t, doc, size, watchAll(t, true))
			if err != nil || got != doc {
				t.Errorf("document %d in pieces of %d: %v, %.500q", i, size, err, got)
			}
			if fmt.Sprint(parts) != fmt.Sprint(tokens) {
				t.Errorf("document %d in pieces of %d has the tokens\n%.500q, not\n%.500q", i, size, parts, tokens)
			}
		}
	}
}

// TestTextIsNotKept checks that neither text nor what the tokenizer holds of it
// grows with the document.
func TestTextIsNotKept(t *testing.T) {
	for _, begin := range []string{"", "<p>", "<style>", "<script>"} {
		var out writer
		src := newSource(wire.NewBody(&pieces{[]byte(begin + strings.Repeat("some text, ", 20_000)), 1000}, -1))
		most := 0
		src.wait = func() error {
			most = max(most, out.Len(), len(src.z.Raw()))
			out.Reset()
			return nil
		}
		if err := newDocument(watchAll(t, true), src, &recorder{}, &out, codec{}).rewrite(); err != nil {
			t.Fatal(err)
		}
		if most > 64<<10 {
			t.Errorf("%q: %d bytes were held at once", begin, most)
		}
	}
}

func TestLongTokensAreRefused(t *testing.T) {
	_, _, err := rewriteIn(t, "<p a='"+strings.Repeat("x", maxToken+100), 32<<10, watchAll(t, false))
	if err == nil || !strings.Contains(err.Error(), "memory limit") {
		t.Errorf("the error is %v", err)
	}
}

func FuzzRewrite(f *testing.F) {
	for _, doc := range documents[:12] {
		f.Add([]byte(doc), 3, true)
	}
	f.Add([]byte("<p \xff=\xfe>\xff"), 1, false)
	f.Add([]byte("<script></script <00000000>0"), 25, true) // cut within an end tag that has a < in it
	f.Fuzz(func(t *testing.T, doc []byte, size int, withText bool) {
		if size < 1 || withText && !utf8.Valid(doc) { // text that was looked at is valid
			t.Skip()
		}
		got, _, err := rewriteIn(t, string(doc), size, watchAll(t, withText))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal([]byte(got), doc) {
			t.Errorf("%q came out as %q", doc, got)
		}
	})
}

// BenchmarkRewrite reads a page of many elements, of which none or all have
// handlers (in Go: what calling JavaScript costs is not in it).
func BenchmarkRewrite(b *testing.B) {
	doc := "<!doctype html><ul>" + strings.Repeat(`<li class="item a"><a href="/some/where">text &amp; more</a> tail</li>`, 2000) + "</ul>"
	for _, bb := range []struct{ name, selector string }{{"none match", "section.x > p"}, {"all match", "*"}} {
		b.Run(bb.name, func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			list, err := selector.Parse(bb.selector)
			if err != nil {
				b.Fatal(err)
			}
			r := &Rewriter{elements: []elementHandlers{{selectors: list, element: &handler{}}}}
			for b.Loop() {
				if _, _, err := rewriteIn(b, doc, 32<<10, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
