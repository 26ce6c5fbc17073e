package dev

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// listeners are the sockets of a session: localhost is two addresses.
type listeners []net.Listener

func (l listeners) close() {
	for _, x := range l {
		x.Close()
	}
}

func (l listeners) addr() net.Addr { return l[0].Addr() }

func (l listeners) port() int { return l[0].Addr().(*net.TCPAddr).Port }

// probe finds out early whether the port is free. Nothing is accepted yet: the
// port opens when the workers can answer.
func (s *Session) probe() error {
	if s.opts.Port == 0 {
		return nil
	}
	l, err := s.bind(s.opts.Port)
	l.close()
	if errors.Is(err, syscall.EADDRINUSE) && !s.opts.PortFixed {
		return nil
	}
	return s.portError(err)
}

// listen opens the port.
func (s *Session) listen() (listeners, error) {
	l, err := s.bind(s.opts.Port)
	if errors.Is(err, syscall.EADDRINUSE) && !s.opts.PortFixed {
		l.close()
		s.out.say(Warn, fmt.Sprintf("port %d is in use by another program; using a free one instead (choose with --port)", s.opts.Port))
		l, err = s.bind(0)
	}
	if err != nil {
		l.close()
		return nil, s.portError(err)
	}
	return l, nil
}

func (s *Session) portError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("port %d is in use by another program: stop that program, choose another port with --port, or use --port 0 for any free one", s.opts.Port)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("port %d needs more rights than you have: choose one above 1023 with --port", s.opts.Port)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Errorf("%s is not an address of this machine: choose another with --ip, or * for all", s.opts.IP)
	}
	return fmt.Errorf("cannot listen: %w", err)
}

// bind listens on the address, on both loopback addresses for localhost. What
// it opened comes back with an error too.
func (s *Session) bind(port int) (listeners, error) {
	if s.opts.IP != "localhost" {
		l, err := net.Listen("tcp", net.JoinHostPort(s.opts.IP, strconv.Itoa(port)))
		if err != nil {
			return nil, err
		}
		return listeners{l}, nil
	}
	l4, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	out := listeners{l4}
	l6, err := net.Listen("tcp6", net.JoinHostPort("::1", strconv.Itoa(out.port())))
	switch {
	case err == nil:
		out = append(out, l6)
	case errors.Is(err, syscall.EADDRINUSE) && port != 0:
		// Half of all requests would go to the other program.
		return out, err
	}
	return out, nil
}

// url is where a browser reaches the session.
func (s *Session) url(l listeners) string {
	host := s.opts.IP
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return s.scheme() + "://" + net.JoinHostPort(host, strconv.Itoa(l.port()))
}
