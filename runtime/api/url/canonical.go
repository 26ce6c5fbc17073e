package url

import "strings"

// canonical answers the common case without running the parser: an http or
// https URL of plain ASCII that is already in serialised form, but for a
// missing slash after the host. Everything else is left to the parser.
func canonical(s string) (href string, ok bool) {
	host, defaultPort := 0, ""
	switch {
	case strings.HasPrefix(s, "https://"):
		host, defaultPort = len("https://"), "443"
	case strings.HasPrefix(s, "http://"):
		host, defaultPort = len("http://"), "80"
	default:
		return "", false
	}
	end := host
	for end < len(s) && charClass[s[end]]&hostChar != 0 {
		end++
	}
	if !plainHost(s[host:end]) {
		return "", false
	}
	path := end
	if path < len(s) && s[path] == ':' {
		for path++; path < len(s) && s[path] >= '0' && s[path] <= '9'; path++ {
		}
		if port := s[end+1 : path]; port == "" || port[0] == '0' || len(port) > 4 || port == defaultPort {
			return "", false
		}
	}
	if path == len(s) {
		return s + "/", true
	}
	if s[path] != '/' {
		return "", false
	}
	return s, plainTail(s[path:])
}

// plainHost reports whether a host of [a-z0-9.-] is a domain that needs no
// conversion: not an IPv4 address in any notation, no punycode to check.
func plainHost(host string) bool {
	if host == "" || len(host) > 63 || strings.Contains(host, "xn--") {
		return false
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	return last != "" && last[0] >= 'a' && last[0] <= 'z'
}

// plainTail reports whether path, query and fragment hold nothing to escape
// and no dot segments.
func plainTail(s string) bool {
	allowed := byte(pathChar)
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '?' && allowed == pathChar:
			allowed = queryChar
		case c == '#' && allowed != hashChar:
			allowed = hashChar
		case charClass[c]&allowed == 0:
			return false
		case c == '/' && allowed == pathChar && i+1 < len(s) && (s[i+1] == '.' || s[i+1] == '%'):
			return false // perhaps a dot segment
		}
	}
	return true
}

const (
	hostChar = 1 << iota
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
