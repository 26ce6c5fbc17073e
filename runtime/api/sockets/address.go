package sockets

import (
	"net"
	"strconv"
	"strings"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// Address is where to connect to.
type Address struct {
	Host string
	Port int
}

// String is host:port.
func (a Address) String() string { return net.JoinHostPort(a.Host, strconv.Itoa(a.Port)) }

// ParseAddress reads host:port; an IPv6 address stands in brackets.
func ParseAddress(text string) (Address, error) {
	switch {
	case text == "":
		return Address{}, jsg.TypeErrorf("Specified address is missing hostname.")
	case strings.ContainsAny(text, " \t\r\n"):
		return Address{}, errParse()
	case strings.Contains(text, "://"):
		return Address{}, jsg.TypeErrorf("Specified address is missing port.")
	case strings.ContainsAny(text, "/@?#\\") || len(text) > 255:
		return Address{}, jsg.TypeErrorf("Specified address is empty string, contains unsupported characters or is too long.")
	}
	colon := strings.LastIndexByte(text, ':')
	if colon < 0 || strings.HasSuffix(text, "]") || colon == len(text)-1 {
		return Address{}, jsg.TypeErrorf("Specified address is missing port.")
	}
	host, port := text[:colon], text[colon+1:]
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return Address{}, errParse()
	}
	if host == "" {
		return Address{}, jsg.TypeErrorf("Specified address is missing hostname.")
	}
	if inner, ok := strings.CutPrefix(host, "["); ok {
		if host, ok = strings.CutSuffix(inner, "]"); !ok || net.ParseIP(host) == nil {
			return Address{}, errParse()
		}
	} else if strings.Contains(host, ":") {
		return Address{}, errParse()
	}
	return Address{host, int(n)}, nil
}

func errParse() error { return jsg.TypeErrorf("Specified address could not be parsed.") }

// addressArg reads argument 0: a string, or {hostname, port}.
func addressArg(a *jsg.Args) (Address, error) {
	if jsg.IsNullish(a.Value(0)) {
		a.Mismatch(0, "SocketAddress or string")
		return Address{}, a.Err()
	}
	o, ok := jsg.IsObject(a.Value(0))
	if !ok {
		text := a.String(0)
		if err := a.Err(); err != nil {
			return Address{}, err
		}
		return ParseAddress(text)
	}
	d := a.DictOf(o)
	host, port := d.String("hostname", "undefined"), d.Float("port", -0.5)
	switch {
	case port == -0.5 || port != port:
		return Address{}, jsg.TypeErrorf("The value cannot be converted because it is not an integer.")
	case port < 0:
		return Address{}, jsg.TypeErrorf("The value cannot be converted because it is negative and this API expects a positive number.")
	case port > 65535:
		return Address{}, jsg.TypeErrorf("Value out of range. Must be less than or equal to 65535.")
	}
	if strings.ContainsAny(host, " \t\r\n/@?#\\") || host == "" || len(host) > 255 {
		return Address{}, jsg.TypeErrorf("Specified address is empty string, contains unsupported characters or is too long.")
	}
	return Address{strings.Trim(host, "[]"), int(port)}, nil
}

// optionsArg reads argument 1.
func optionsArg(a *jsg.Args) (Options, error) {
	d := a.DictNamed(1, "SocketOptions")
	o := Options{SecureTransport: d.String("secureTransport", "off"), AllowHalfOpen: d.Bool("allowHalfOpen", false)}
	if err := a.Err(); err != nil {
		return o, err
	}
	switch o.SecureTransport {
	case "off", "on", "starttls":
		return o, nil
	}
	return o, jsg.TypeErrorf("Unsupported value in secureTransport socket option: %s", o.SecureTransport)
}
