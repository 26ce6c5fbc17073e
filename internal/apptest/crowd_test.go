//go:build unix

package apptest

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/coder/websocket"
)

// crowd is how many clients join one room.
const crowd = 60

// TestCrowd fills a room: everybody gets every edit in the same order, also of
// authors who write at the same moment, and those who vanish are missed.
func TestCrowd(t *testing.T) {
	t.Parallel()
	p := start(t, example("share-forward"), t.TempDir())
	var share struct{ ID string }
	created := p.post(t, "/api/share", "text/plain", "empty")
	if err := json.Unmarshal([]byte(created.body), &share); err != nil {
		t.Fatalf("%d %s", created.status, created.body)
	}
	sockets := make([]*socket, crowd)
	var wg sync.WaitGroup
	for i := range sockets {
		wg.Go(func() {
			s, _, err := p.connect(t, "/ws/"+share.ID, "")
			if err != nil {
				t.Errorf("client %d: %v", i, err)
			}
			sockets[i] = s
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	// A few write at once; the room numbers what they write.
	const authors, edits = 4, 5
	for i, s := range sockets[:authors] {
		wg.Go(func() {
			for n := range edits {
				if err := s.write(websocket.MessageText, fmt.Appendf(nil, `{"type":"edit","content":"%d of %d","base":0}`, n, i)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	last := 1 + authors*edits
	texts := make([]map[int]string, crowd)
	for i, s := range sockets {
		wg.Go(func() { texts[i] = readEdits(t, s, last) })
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	reference := texts[crowd-1]
	// Authors are told only the number of what they wrote themselves.
	for i := authors; i < crowd; i++ {
		for seq := 2; seq <= last; seq++ {
			if texts[i][seq] == "" || texts[i][seq] != reference[seq] {
				t.Fatalf("edit %d is %q for client %d, and %q for another", seq, texts[i][seq], i, reference[seq])
			}
		}
	}
	for _, s := range sockets[1:] {
		wg.Go(func() { s.conn.CloseNow() })
	}
	wg.Wait()
	for clients := crowd; clients != 1; {
		var m struct {
			Type    string
			Clients int
		}
		f, err := sockets[0].next()
		if err != nil || f.closed {
			t.Fatalf("%d clients are counted, one is there: %+v, %v", clients, f, err)
		}
		if err := json.Unmarshal([]byte(f.data), &m); err != nil {
			t.Fatal(err)
		}
		if m.Type == "presence" {
			clients = m.Clients
		}
	}
}

// readEdits reads until the edit numbered last is seen, and returns the texts
// by number. The numbers have to grow by one.
func readEdits(t *testing.T, s *socket, last int) map[int]string {
	texts := map[int]string{}
	for seq := 1; seq < last; {
		var m struct {
			Type, Content string
			Seq           int
		}
		f, err := s.next()
		if err != nil || f.closed {
			t.Errorf("after edit %d: %+v, %v", seq, f, err)
			return nil
		}
		if err := json.Unmarshal([]byte(f.data), &m); err != nil {
			t.Error(err)
			return nil
		}
		if m.Type != "edit" && m.Type != "ack" {
			continue
		}
		if m.Seq != seq+1 {
			t.Errorf("edit %d comes after %d", m.Seq, seq)
			return nil
		}
		seq, texts[m.Seq] = m.Seq, m.Content
	}
	return texts
}
