package wasm

import (
	"math"
	"runtime"
	"weak"

	"github.com/tetratelabs/wazero/api"

	"github.com/miniworker/miniworker/runtime/jsg"
)

const pageSize = 64 << 10

// memory is a WebAssembly.Memory. Its buffer is the memory itself, until that
// grows: then the buffer is detached, and the next one is the memory again.
type memory struct {
	jsg.Instance
	owner  any // what must live as long
	mod    api.Module
	mem    api.Memory
	buffer *jsg.Object
	data   []byte // what buffer shows
	take   func() // detaches buffer
}

var memoryClass = &jsg.Class[memory]{Name: "Memory"}

func newMemory(e *engine, mod api.Module, owner any) *memory {
	m := &memory{owner: owner, mod: mod, mem: mod.ExportedMemory(memoryName)}
	e.memories = append(prune(e.memories), weak.Make(m))
	return m
}

func init() {
	memoryClass.New = func(js *jsg.Scope, a *jsg.Args) (*memory, error) {
		l, _, err := readLimits(a, "Memory", "a memory descriptor", 65536)
		if err != nil {
			return nil, err
		}
		switch address := a.Dict(0).String("address", "i32"); address {
		case "i32":
		case "i64":
			return nil, jsg.NotImplementedf("A WebAssembly.Memory with 64-bit addresses", "use one with 32-bit addresses")
		default:
			return nil, jsg.TypeErrorf("WebAssembly.Memory(): Unknown address type '%s'; pass 'i32' or 'i64'", address)
		}
		if a.Dict(0).Bool("shared", false) {
			return nil, jsg.NotImplementedf("A shared WebAssembly.Memory", "use one that is not shared: a worker has one thread")
		}
		e := engineOf(js)
		mod, err := e.small(memoryModule(l), nil)
		if err != nil {
			return nil, err
		}
		m := newMemory(e, mod, nil)
		runtime.AddCleanup(m, closeModule, mod)
		return m, nil
	}
	memoryClass.Members = jsg.Members[memory]{
		jsg.Getter("buffer", func(m *memory, js *jsg.Scope) (jsg.Value, error) { return m.view(js), nil }),
		jsg.Method("grow", 1, func(m *memory, js *jsg.Scope, a *jsg.Args) (jsg.Value, error) {
			delta, err := addressArg(js, a, 0, "Memory.grow")
			if err != nil {
				return nil, err
			}
			before, ok := m.mem.Grow(delta)
			if !ok {
				return nil, jsg.RangeErrorf("WebAssembly.Memory.grow(): Maximum memory size exceeded")
			}
			m.detach()
			return js.Int(int64(before)), nil
		}),
		jsg.Method("toFixedLengthBuffer", 0, func(m *memory, js *jsg.Scope, _ *jsg.Args) (jsg.Value, error) { return m.view(js), nil }),
		jsg.Method("toResizableBuffer", 0, func(*memory, *jsg.Scope, *jsg.Args) (jsg.Value, error) {
			return nil, jsg.NotImplementedf("WebAssembly.Memory.toResizableBuffer", "read the buffer property again after the memory grew")
		}),
	}
	shaped(memoryClass, 1)
}

func (m *memory) bytes() []byte {
	b, _ := m.mem.Read(0, m.mem.Size())
	return b
}

func (m *memory) pages() uint64 { return uint64(m.mem.Size()) / pageSize }

func (m *memory) view(js *jsg.Scope) jsg.Value {
	if m.buffer == nil {
		m.data = m.bytes()
		m.buffer, m.take = js.NewPinnedBuffer(m.data)
	}
	return m.buffer
}

// sync detaches the buffer if the memory is elsewhere or larger by now.
func (m *memory) sync() {
	if m.buffer == nil {
		return
	}
	now := m.bytes()
	if len(now) != len(m.data) || len(now) > 0 && &now[0] != &m.data[0] {
		m.detach()
	}
}

func (m *memory) detach() {
	if m.buffer != nil {
		m.take()
		m.buffer, m.data, m.take = nil, nil, nil
	}
}

// linkable is a module that exports the memory under linkName.
func (m *memory) linkable(e *engine) (mod api.Module, made bool, err error) {
	if m.owner == nil {
		return m.mod, false, nil
	}
	mod, err = e.small(reexport(memoryName, kindMemory, 0, 0), m.mod)
	return mod, true, err
}

// readLimits reads a descriptor {initial, maximum}.
func readLimits(a *jsg.Args, class, what string, most uint64) (l limits, d *jsg.Dict, err error) {
	if _, ok := jsg.IsObject(a.Value(0)); !ok {
		return l, nil, jsg.TypeErrorf("WebAssembly.%s(): Argument 0 must be %s", class, what)
	}
	d = a.Dict(0)
	read := func(name string, least uint64) (uint64, error) {
		f := d.Float(name, 0)
		switch {
		case f < 0:
			return 0, jsg.TypeErrorf("WebAssembly.%s(): Property '%s' must be non-negative", class, name)
		case f != f || math.IsInf(f, 0):
			return 0, jsg.TypeErrorf("WebAssembly.%s(): Property '%s' must be convertible to a valid number", class, name)
		case f > math.MaxUint32:
			return 0, jsg.TypeErrorf("WebAssembly.%s(): Property '%s' must be in the unsigned long range", class, name)
		case f > float64(most):
			return 0, jsg.RangeErrorf("WebAssembly.%s(): Property '%s': value %.0f is above the upper bound %d", class, name, math.Trunc(f), most)
		case uint64(f) < least:
			return 0, jsg.RangeErrorf("WebAssembly.%s(): Property '%s': value %d is below the lower bound %d", class, name, uint64(f), least)
		}
		return uint64(f), nil
	}
	if !d.Has("initial") {
		return l, nil, jsg.TypeErrorf("WebAssembly.%s(): Property 'initial' is required", class)
	}
	if l.min, err = read("initial", 0); err != nil {
		return l, nil, err
	}
	if l.hasMax = d.Has("maximum"); l.hasMax {
		l.max, err = read("maximum", l.min)
	}
	return l, d, err
}

// addressArg reads an argument that counts pages or elements.
func addressArg(js *jsg.Scope, a *jsg.Args, i int, what string) (uint32, error) {
	f, err := toNumber(js, a.Value(i))
	if err != nil {
		return 0, err
	}
	problem := ""
	switch {
	case f != f || math.IsInf(f, 0):
		problem = "convertible to a valid number"
	case f < 0:
		problem = "non-negative"
	case f > math.MaxUint32:
		problem = "in the unsigned long range"
	default:
		return uint32(f), nil
	}
	return 0, jsg.TypeErrorf("WebAssembly.%s(): Argument %d must be %s", what, i, problem)
}
