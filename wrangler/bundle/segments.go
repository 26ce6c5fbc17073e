package bundle

import (
	"bytes"
	"encoding/json"
	"slices"
	"unicode/utf8"
)

// Segment says that the script from the byte At on, until the next Segment, was
// made from a place of a source. Line and Col are 0-based, Col in UTF-16 units.
type Segment struct {
	At        int
	File      string // as in Position
	Line, Col int
}

// Segments returns the whole source map of the script, in order.
func (b *Bundle) Segments() ([]Segment, error) {
	var m struct {
		Sources  []string `json:"sources"`
		Mappings string   `json:"mappings"`
	}
	if err := json.Unmarshal(b.SourceMap, &m); err != nil {
		return nil, err
	}
	var out []Segment
	var source, line, col int
	rest := []byte(m.Mappings)
	for start := 0; len(rest) > 0 && start <= len(b.Script); {
		text := b.Script[start:]
		if i := bytes.IndexByte(text, '\n'); i >= 0 {
			text = text[:i]
		}
		of := rest
		if i := bytes.IndexByte(rest, ';'); i >= 0 {
			of, rest = rest[:i], rest[i+1:]
		} else {
			rest = nil
		}
		at, units, generated := 0, 0, 0
		for seg := range bytes.SplitSeq(of, []byte(",")) {
			if len(seg) == 0 {
				continue
			}
			f := decodeFields(seg)
			generated += f[0]
			if len(f) < 4 {
				continue
			}
			source, line, col = source+f[1], line+f[2], col+f[3]
			for units < generated && at < len(text) {
				r, n := utf8.DecodeRune(text[at:])
				at, units = at+n, units+1
				if r > 0xffff {
					units++
				}
			}
			if source < len(m.Sources) {
				out = append(out, Segment{At: start + at, File: m.Sources[source], Line: line, Col: col})
			}
		}
		start += len(text) + 1
	}
	slices.SortStableFunc(out, func(a, b Segment) int { return a.At - b.At })
	return out, nil
}

func decodeFields(seg []byte) (out []int) {
	for len(seg) > 0 {
		v, n := decodeVLQ(seg)
		out, seg = append(out, v), seg[n:]
	}
	return out
}

// Insertion is ASCII text to put in front of the byte At of a script.
type Insertion struct {
	At   int
	Text string
}

// instrument lets Options.Instrument add to the finished script.
func (b *Builder) instrument(out *Bundle) error {
	if b.opts.Instrument == nil {
		return nil
	}
	list, err := b.opts.Instrument(out)
	if err != nil {
		return err
	}
	ins := make([]insertion, len(list))
	for i, in := range list {
		ins[i] = insertion{at: in.At, text: in.Text}
	}
	out.Script, out.SourceMap = insertAll(out.Script, out.SourceMap, ins)
	return nil
}
