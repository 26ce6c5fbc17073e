package url

import (
	"bytes"
	"strconv"
	"strings"
)

// The common cases need no parser: http and https URLs of plain ASCII in which
// nothing has to be escaped. Everything else is left to it.

// canonical is the serialised form of such a URL.
func canonical(s string) (href string, ok bool) {
	start, defaultPort := 0, ""
	switch {
	case strings.HasPrefix(s, "https://"):
		start, defaultPort = len("https://"), "443"
	case strings.HasPrefix(s, "http://"):
		start, defaultPort = len("http://"), "80"
	default:
		return "", false
	}
	end := start + until(s[start:], "/?#")
	host := s[start:end]
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		if !plainCredentials(host[:at]) {
			return "", false
		}
		host = host[at+1:]
	}
	if colon := strings.LastIndexByte(host, ':'); colon >= 0 {
		if port := host[colon+1:]; port == defaultPort || !plainPort(port) {
			return "", false
		}
		host = host[:colon]
	}
	dots, ok := plainTail(s[end:])
	if !ok || !plainHost(host) {
		return "", false
	}
	switch path := end + until(s[end:], "?#"); {
	case path == end:
		return s[:end] + "/" + s[end:], true
	case dots:
		return s[:end] + withoutDots(s[end:path]) + s[path:], true
	}
	return s, true
}

// resolve is the serialised form of a URL against a base.
func resolve(s, base string) (href string, ok bool) {
	base, ok = canonical(base)
	if !ok {
		return "", false
	}
	switch p := split(base); {
	case s == "" || s[0] == '#':
		return canonical(base[:p.hash] + s)
	case s[0] == '?':
		return canonical(base[:p.query] + s)
	case strings.HasPrefix(s, "//"):
		return canonical(base[:p.scheme] + s)
	case s[0] == '/':
		return canonical(base[:p.pathStart] + s)
	case strings.HasPrefix(s[until(s, ":/?#"):], ":"): // perhaps after a scheme
		return canonical(s)
	default:
		return canonical(base[:strings.LastIndexByte(base[:p.query], '/')+1] + s)
	}
}

// until is where the first of some characters is in s, or its end.
func until(s, chars string) int {
	for i := range len(s) {
		if strings.IndexByte(chars, s[i]) >= 0 {
			return i
		}
	}
	return len(s)
}

// plainCredentials reports whether user name and password, both not empty if they
// are there, hold nothing to escape.
func plainCredentials(s string) bool {
	user, password, both := strings.Cut(s, ":")
	return user != "" && (password != "" || !both) && all(user, userChar) && all(password, userChar)
}

func plainPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0 && s[0] != '0' && s[0] != '+'
}

// plainHost reports whether a host is a domain that needs no conversion: not an
// IPv4 address in any notation, no punycode to check.
func plainHost(host string) bool {
	if host == "" || len(host) > 63 || strings.Contains(host, "xn--") || !all(host, hostChar) {
		return false
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	return last != "" && last[0] >= 'a' && last[0] <= 'z'
}

func all(s string, class byte) bool {
	for i := range len(s) {
		if charClass[s[i]]&class == 0 {
			return false
		}
	}
	return true
}

// plainTail reports whether path, query and fragment hold nothing to escape;
// there may be dot segments in the path then.
func plainTail(s string) (dots, ok bool) {
	allowed := byte(pathChar)
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '?' && allowed == pathChar:
			allowed = queryChar
		case c == '#' && allowed != hashChar:
			allowed = hashChar
		case charClass[c]&allowed == 0:
			return false, false
		case c == '/' && allowed == pathChar && i+1 < len(s) && (s[i+1] == '.' || s[i+1] == '%'):
			dots = true
		}
	}
	return dots, true
}

// withoutDots is a path without its dot segments.
func withoutDots(path string) string {
	out := make([]byte, 0, len(path))
	for rest, more := path[1:], true; more; {
		var segment string
		segment, rest, more = strings.Cut(rest, "/")
		switch dotsIn(segment) {
		case 2:
			out = out[:max(0, bytes.LastIndexByte(out, '/'))]
			fallthrough
		case 1:
			if !more {
				out = append(out, '/')
			}
		default:
			out = append(append(out, '/'), segment...)
		}
	}
	return string(out)
}

// dotsIn is how many dots a segment consists of, as such or escaped, 0 for one
// with anything else in it.
func dotsIn(segment string) (n int) {
	for ; segment != ""; n++ {
		switch {
		case segment[0] == '.':
			segment = segment[1:]
		case len(segment) >= 3 && strings.EqualFold(segment[:3], "%2e"):
			segment = segment[3:]
		default:
			return 0
		}
	}
	return n
}

const (
	hostChar = 1 << iota
	userChar
	pathChar
	queryChar
	hashChar
)

// charClass tells where a byte may stand unescaped; bytes that some versions of
// the specification escape are left out.
var charClass = func() (class [256]byte) {
	for c := '!'; c <= '~'; c++ {
		if strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789.-", c) {
			class[c] |= hostChar
		}
		if !strings.ContainsRune("\"#<>?^`{|}\\/:;=@[]'", c) {
			class[c] |= userChar
		}
		if !strings.ContainsRune("\"#<>?^`{|}\\", c) {
			class[c] |= pathChar
		}
		if !strings.ContainsRune("\"#<>'", c) {
			class[c] |= queryChar
		}
		if !strings.ContainsRune("\"<>`", c) {
			class[c] |= hashChar
		}
	}
	return class
}()
