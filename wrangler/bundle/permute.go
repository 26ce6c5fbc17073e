package bundle

import (
	"bytes"
	"encoding/json"
	"strings"
)

// mappedText is text whose lines come from those of another.
type mappedText struct {
	text  strings.Builder
	lines []mappedLine
}

// mappedLine is where a line comes from, from 0, and by how much its columns
// moved.
type mappedLine struct {
	from   int
	shifts []shift
}

// shift says that what stood at a column or after it moved.
type shift struct{ at, by int }

// add writes one line that stands for line from.
func (t *mappedText) add(line string, from int) {
	t.text.WriteString(line)
	t.lines = append(t.lines, mappedLine{from: from})
}

// segment is an entry of a source map, with absolute values: generated column,
// source, line, column, name.
type segment [5]int

// permuteMap gives the source map of a text made of the lines of the one that
// smap is for.
func permuteMap(smap []byte, lines []mappedLine) []byte {
	var m map[string]json.RawMessage
	var mappings string
	if json.Unmarshal(smap, &m) != nil || json.Unmarshal(m["mappings"], &mappings) != nil {
		return smap // esbuild's are well formed
	}
	old := decodeSegments(mappings)
	var w bytes.Buffer
	var last segment
	for i, l := range lines {
		if i > 0 {
			w.WriteByte(';')
		}
		last[0] = 0
		if l.from >= len(old) {
			continue
		}
		for j, s := range old[l.from] {
			column := s[0]
			for _, sh := range l.shifts {
				if s[0] >= sh.at {
					column += sh.by
				}
			}
			if j > 0 {
				w.WriteByte(',')
			}
			encodeVLQ(&w, column-last[0])
			for k := 1; k < 4; k++ {
				encodeVLQ(&w, s[k]-last[k])
			}
			last = segment{column, s[1], s[2], s[3]}
		}
	}
	text, _ := json.Marshal(w.String()) // a string always marshals
	m["mappings"] = text
	out, _ := json.Marshal(m)
	return out
}

func decodeSegments(mappings string) (lines [][]segment) {
	var s segment
	for line := range strings.SplitSeq(mappings, ";") {
		s[0] = 0
		var out []segment
		for part := range strings.SplitSeq(line, ",") {
			k := 0
			for rest := []byte(part); len(rest) > 0 && k < 5; k++ {
				v, n := decodeVLQ(rest)
				s[k] += v
				rest = rest[n:]
			}
			if k >= 4 {
				out = append(out, s)
			}
		}
		lines = append(lines, out)
	}
	return lines
}
