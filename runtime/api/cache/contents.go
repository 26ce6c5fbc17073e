package cache

import "container/list"

// Contents is what a Memory held at one moment. It may be put back any number
// of times.
type Contents struct{ items []*item } // most recent first

// Hold keeps all calls but Copy and Replace waiting until release.
func (m *Memory) Hold() (release func()) {
	m.mu.Lock()
	return m.mu.Unlock
}

// Copy notes what is held. The caller holds m.
func (m *Memory) Copy() *Contents {
	m.load()
	c := &Contents{}
	for el := m.recent.Front(); el != nil; el = el.Next() {
		c.items = append(c.items, el.Value.(*item))
	}
	return c
}

// Replace puts c in the place of what is held; nil empties it. Large contents
// that were let go since are lost, as a cache may. The caller holds m.
func (m *Memory) Replace(c *Contents) {
	m.load()
	keep := map[*item]bool{}
	if c != nil {
		for _, it := range c.items {
			keep[it] = true
		}
	}
	for el := m.recent.Front(); el != nil; {
		next := el.Next()
		if !keep[el.Value.(*item)] {
			m.remove(el)
		}
		el = next
	}
	if c == nil {
		return
	}
	left := m.items // all of them in c
	m.items, m.recent = map[id]*list.Element{}, list.New()
	m.memory, m.disk = 0, 0
	for _, it := range c.items {
		if it.file != nil && left[it.id] == nil {
			continue
		}
		m.items[it.id] = m.recent.PushBack(it)
		m.count(it, 1)
		_ = m.save(it) // a response that cannot be kept lasts as long as the process
	}
}
