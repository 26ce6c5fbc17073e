package bundle

import (
	"bytes"
	"encoding/json"
	"slices"
	"sort"
)

// sourceMap is esbuild's source map of a code, decoded.
type sourceMap struct {
	sources, names []string
	list           []mapping // ordered by at
}

// mapping says that code[at:], until the next one, was made from a place of a
// source. Its line and column are 0-based, the column in UTF-16 units.
type mapping struct {
	at, line, col int32
	source        int32 // -1 where there is none
	name          int32 // -1 if nothing was renamed there
}

// decodeMap reads a version 3 source map as esbuild prints it.
func decodeMap(code, smap []byte) (*sourceMap, error) {
	start, end := mappingsOf(smap)
	if start < 0 {
		start, end = len(smap), len(smap)
	}
	var head struct{ Sources, Names []string }
	if err := json.Unmarshal(slices.Concat(smap[:start], smap[end:]), &head); err != nil {
		return nil, err
	}
	m := &sourceMap{sources: head.Sources, names: head.Names}
	m.decode(code, smap[start:end])
	return m, nil
}

// decode turns the columns of the code, in UTF-16 units, into bytes as it goes.
func (m *sourceMap) decode(code, mappings []byte) {
	m.list = make([]mapping, 0, bytes.Count(mappings, []byte(","))+1)
	var source, line, col, name int
	at, units, want := 0, 0, 0 // units is the column of code[at]
	for i := 0; i < len(mappings); {
		switch mappings[i] {
		case ';':
			n := bytes.IndexByte(code[at:], '\n')
			if n < 0 {
				return
			}
			at, units, want = at+n+1, 0, 0
			i++
			continue
		case ',':
			i++
			continue
		}
		var fields [5]int
		n := 0
		for i < len(mappings) && mappings[i] != ',' && mappings[i] != ';' {
			value, size := decodeVLQ(mappings[i:])
			if n < len(fields) {
				fields[n] = value
			}
			n, i = n+1, i+size
		}
		want += fields[0]
		for units < want && at < len(code) && code[at] != '\n' {
			units += unitsOf(code[at])
			at++
		}
		for at < len(code) && code[at]&0xC0 == 0x80 {
			at++
		}
		here := mapping{at: int32(at), source: -1, name: -1}
		if n >= 4 {
			source, line, col = source+fields[1], line+fields[2], col+fields[3]
			here.source, here.line, here.col = int32(source), int32(line), int32(col)
		}
		if n >= 5 {
			name += fields[4]
			here.name = int32(name)
		}
		m.list = append(m.list, here)
	}
}

// unitsOf counts the UTF-16 units of the character that begins with the byte c:
// none if that is in the middle of one.
func unitsOf(c byte) int {
	switch {
	case c&0xC0 == 0x80:
		return 0
	case c >= 0xF0:
		return 2
	}
	return 1
}

// find gives where code[at] came from, or else what is mapped before it.
func (m *sourceMap) find(at int) (Position, bool) {
	i := sort.Search(len(m.list), func(i int) bool { return int(m.list[i].at) >= at })
	if i == len(m.list) || int(m.list[i].at) > at {
		i--
	}
	if i < 0 || m.list[i].source < 0 || int(m.list[i].source) >= len(m.sources) {
		return Position{}, false
	}
	e := m.list[i]
	p := Position{File: m.sources[e.source], Line: int(e.line) + 1, Col: int(e.col) + 1}
	if e.name >= 0 && int(e.name) < len(m.names) {
		p.Name = m.names[e.name]
	}
	return p, p.File != ""
}
