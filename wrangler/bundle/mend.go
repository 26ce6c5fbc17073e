package bundle

import "bytes"

// asyncReturns corrects esbuild's helper of async generators, which ends a
// finally block at its first await when the generator is returned from: there it
// resumes with return again, which only a delegation with yield* wants.
func asyncReturns(code []byte) []insertion {
	var out []insertion
	const comparison = `==="return"?`
	for at := range indexes(code, comparison) {
		at += len(comparison) - 1
		_, rest, ok := bytes.Cut(code[at:min(at+100, len(code))], []byte(`:"next",`))
		if !ok {
			continue
		}
		name, _, ok := bytes.Cut(rest, []byte("[1]?{done:"))
		if ok && len(name) < 20 {
			out = append(out, insertion{at: at, text: "&&" + string(name) + "[1]"})
		}
	}
	return out
}

// farEscapes writes escapes of the last plane as the two units they are, since
// the engine's parser knows none beyond \u{fffff}.
func farEscapes(code []byte) []insertion {
	const digits = "0123456789abcdef"
	var out []insertion
	for at := range indexes(code, `\u{10`) {
		end := at + len(`\u{10`)
		var low uint32
		n := 0
		for ; n < 4 && end < len(code); n++ {
			d := bytes.IndexByte([]byte(digits), code[end]|0x20)
			if d < 0 {
				break
			}
			low = low<<4 | uint32(d)
			end++
		}
		if n < 4 || end >= len(code) || code[end] != '}' || escaped(code, at) {
			continue
		}
		unit := func(u uint32) string {
			return `\u` + string([]byte{digits[u>>12&15], digits[u>>8&15], digits[u>>4&15], digits[u&15]})
		}
		out = append(out, insertion{at: at, drop: end + 1 - at, text: unit(0xDBC0|low>>10) + unit(0xDC00|low&0x3FF)})
	}
	return out
}

// escaped reports whether the character at a place follows a backslash that
// begins an escape.
func escaped(code []byte, at int) bool {
	n := 0
	for at-n > 0 && code[at-n-1] == '\\' {
		n++
	}
	return n%2 == 1
}
