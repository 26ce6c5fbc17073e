package buffer

import (
	"encoding/hex"

	"github.com/segmentio/asm/base64"

	"github.com/miniworker/miniworker/runtime/api/encoding"
	"github.com/miniworker/miniworker/runtime/jsg"
)

// Encode is the bytes of a string in one of Node's encodings, by its canonical
// name. What cannot be decoded is left out, as Node does.
func Encode(v jsg.Value, enc string) []byte {
	switch enc {
	case "utf16le":
		units := jsg.UTF16Of(v)
		b := make([]byte, 2*len(units))
		for i, u := range units {
			b[2*i], b[2*i+1] = byte(u), byte(u>>8)
		}
		return b
	case "latin1", "ascii":
		s := v.String()
		if jsg.IsASCII(s) {
			return []byte(s)
		}
		units := jsg.UTF16Of(v)
		b := make([]byte, len(units))
		for i, u := range units {
			b[i] = byte(u)
		}
		return b
	case "base64", "base64url":
		return decodeBase64(v.String())
	case "hex":
		s := v.String()
		b := make([]byte, len(s)/2)
		n, _ := hex.Decode(b, []byte(s[:len(s)&^1]))
		return b[:n]
	}
	return jsg.TextBytes(v)
}

// Decode is the string that bytes are in an encoding.
func Decode(js *jsg.Scope, b []byte, enc string) jsg.Value {
	switch enc {
	case "utf16le":
		units := make([]uint16, len(b)/2)
		for i := range units {
			units[i] = uint16(b[2*i]) | uint16(b[2*i+1])<<8
		}
		return js.UTF16(units)
	case "ascii":
		out := make([]byte, len(b))
		for i, c := range b {
			out[i] = c & 0x7f
		}
		return js.String(string(out))
	case "latin1":
		if jsg.IsASCII(b) {
			return js.ASCII(string(b))
		}
		units := make([]uint16, len(b))
		for i, c := range b {
			units[i] = uint16(c)
		}
		return js.UTF16(units)
	case "base64":
		return js.ASCII(base64.StdEncoding.EncodeToString(b))
	case "base64url":
		return js.ASCII(base64.RawURLEncoding.EncodeToString(b))
	case "hex":
		return js.ASCII(hex.EncodeToString(b))
	}
	if v, ok := js.FromUTF8(b); ok {
		return v
	}
	d, _ := encoding.NewDecoder("utf-8", false, true)
	s, _ := d.Decode(b, false)
	return js.String(s)
}

// byteLength is len(Encode(v, enc)), for the encodings that need no decoding.
func byteLength(v jsg.Value, enc string) int {
	switch enc {
	case "utf16le":
		return 2 * len(jsg.UTF16Of(v))
	case "latin1", "ascii":
		if s := v.String(); jsg.IsASCII(s) {
			return len(s)
		}
		return len(jsg.UTF16Of(v))
	case "hex":
		return len(v.String()) / 2
	case "base64", "base64url":
		s := v.String()
		n := len(s)
		for n > 0 && s[n-1] == '=' {
			n--
		}
		return n * 3 / 4
	}
	return jsg.TextLength(v)
}

// base64Values are the digits of both alphabets; other characters are 0xff.
var base64Values = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	for _, alphabet := range []string{
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
	} {
		for i := range alphabet {
			t[alphabet[i]] = byte(i)
		}
	}
	return t
}()

// decodeBase64 takes either alphabet, passes over what is in neither, and ends
// at padding.
func decodeBase64(s string) []byte {
	if b, err := base64.StdEncoding.DecodeString(s); err == nil {
		return b
	}
	out := make([]byte, 0, len(s)*3/4)
	var acc uint32
	bits := 0
	for i := 0; i < len(s) && s[i] != '='; i++ {
		v := base64Values[s[i]]
		if v == 0xff {
			continue
		}
		acc = acc<<6 | uint32(v)
		if bits += 6; bits >= 8 {
			bits -= 8
			out = append(out, byte(acc>>bits))
		}
	}
	return out
}
