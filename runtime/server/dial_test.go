package server

import (
	"net"
	"strings"
	"testing"
)

func TestOfflineDialsThisMachineOnly(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	o := &Outbound{Server: New(Options{Offline: true})}
	c, err := o.Dial(t.Context(), ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if _, err := o.Dial(t.Context(), "example.com:5432"); err == nil || !strings.Contains(err.Error(), "--offline") {
		t.Errorf("the error is %v", err)
	}
}
