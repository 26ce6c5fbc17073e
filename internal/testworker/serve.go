package testworker

import (
	"net"
	"sync"
	"testing"
	"time"
)

// Serve runs a server for the length of the test that answers each connection
// with answer, and closes it then. Connections have a minute, which only runs
// out where a test has failed.
func Serve(t testing.TB, answer func(c net.Conn)) net.Addr {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	t.Cleanup(func() { ln.Close(); wg.Wait() })
	wg.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer c.Close()
				c.SetDeadline(time.Now().Add(time.Minute))
				answer(c)
			})
		}
	})
	return ln.Addr()
}
