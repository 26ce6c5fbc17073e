package bundle

import "bytes"

// insertion is text to put in front of code[at], in place of drop bytes.
type insertion struct {
	at   int
	text string
	drop int
}

// insertAll applies insertions, ordered by place and of ASCII text, to the code
// and moves the columns of its source map along.
func insertAll(code, smap []byte, ins []insertion) (newCode, newMap []byte) {
	if len(ins) == 0 {
		return code, smap
	}
	var out bytes.Buffer
	out.Grow(len(code) + len(code)/16)
	from := 0
	for _, in := range ins {
		out.Write(code[from:in.at])
		out.WriteString(in.text)
		from = in.at + in.drop
	}
	out.Write(code[from:])
	start, end := mappingsOf(smap)
	if start < 0 {
		return out.Bytes(), smap
	}
	var m bytes.Buffer
	m.Grow(len(smap) + len(smap)/64)
	m.Write(smap[:start])
	shiftColumns(&m, smap[start:end], columnsOf(code, ins))
	m.Write(smap[end:])
	return out.Bytes(), m.Bytes()
}

// mappingsOf finds the value of "mappings" as esbuild prints it.
func mappingsOf(smap []byte) (start, end int) {
	const key = `"mappings": "`
	i := bytes.Index(smap, []byte(key)) // quotes within the names of sources are escaped
	if i < 0 {
		return -1, -1
	}
	start = i + len(key)
	n := bytes.IndexByte(smap[start:], '"')
	if n < 0 {
		return -1, -1
	}
	return start, start + n
}

// column is an insertion as a source map sees it: a line, a column in UTF-16
// units, and by how many units what follows moves.
type column struct{ line, col, n int }

func columnsOf(code []byte, ins []insertion) []column {
	out := make([]column, 0, len(ins))
	line, units, seen := 0, 0, 0 // units is the column of code[seen]
	for _, in := range ins {
		chunk := code[seen:in.at]
		if n := bytes.Count(chunk, []byte("\n")); n > 0 {
			line, units = line+n, 0
			chunk = chunk[bytes.LastIndexByte(chunk, '\n')+1:]
		}
		units += utf16Len(chunk)
		seen = in.at
		out = append(out, column{line, units, len(in.text) - utf16Len(code[in.at:in.at+in.drop])})
	}
	return out
}

func utf16Len(s []byte) int {
	n := 0
	for _, c := range s {
		n += unitsOf(c)
	}
	return n
}

// shiftColumns copies mappings; the first number of a segment is the distance
// to the segment before it on the line, so each insertion changes one number.
func shiftColumns(w *bytes.Buffer, mappings []byte, cols []column) {
	line, col := 0, 0
	for i := 0; i < len(mappings); {
		switch mappings[i] {
		case ';':
			for len(cols) > 0 && cols[0].line <= line {
				cols = cols[1:]
			}
			line++
			col = 0
			fallthrough
		case ',':
			w.WriteByte(mappings[i])
			i++
			continue
		}
		end := i + 1
		for end < len(mappings) && mappings[end] != ',' && mappings[end] != ';' {
			end++
		}
		if len(cols) == 0 || cols[0].line > line {
			// Nothing moves on this line any more.
			w.Write(mappings[i:end])
			i = end
			continue
		}
		delta, n := decodeVLQ(mappings[i:end])
		col += delta
		extra := 0
		for len(cols) > 0 && cols[0].line == line && cols[0].col < col {
			extra += cols[0].n
			cols = cols[1:]
		}
		encodeVLQ(w, delta+extra)
		w.Write(mappings[i+n : end])
		i = end
	}
}

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// base64Values is the inverse of base64Digits.
var base64Values = func() (values [256]byte) {
	for i := range base64Digits {
		values[base64Digits[i]] = byte(i)
	}
	return values
}()

// decodeVLQ reads the number that s starts with; it takes at least one byte.
func decodeVLQ(s []byte) (value, size int) {
	shift := 0
	for size < len(s) && shift < 60 {
		d := int(base64Values[s[size]])
		size++
		value |= (d & 31) << shift
		shift += 5
		if d&32 == 0 {
			break
		}
	}
	if value&1 != 0 {
		return -(value >> 1), size
	}
	return value >> 1, size
}

func encodeVLQ(w *bytes.Buffer, v int) {
	u := v << 1
	if v < 0 {
		u = -v<<1 | 1
	}
	for {
		d := u & 31
		if u >>= 5; u > 0 {
			d |= 32
		}
		w.WriteByte(base64Digits[d])
		if u == 0 {
			return
		}
	}
}
