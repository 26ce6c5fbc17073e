package clone

import (
	"reflect"
	"sync"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// codec is how instances of one host class are cloned.
type codec struct {
	name  string
	write func(e *Encoder, v any) error
	read  func(d *Decoder) (jsg.Value, error)
}

// Refuser is a Go side whose instances are capabilities only. It says why a
// message that may have none cannot have it.
type Refuser interface{ RefuseClone() error }

var codecs struct {
	sync.RWMutex
	byType map[reflect.Type]*codec
	byName map[string]*codec
}

// Register makes instances of a host class cloneable: those that carry a *T. It
// is called from a package variable declaration; the class name goes into
// messages that may be stored, so it must stay. write and read use the same
// sequence of Encoder and Decoder calls.
func Register[T any](class string, write func(t *T, js *jsg.Scope, e *Encoder) error, read func(js *jsg.Scope, d *Decoder) (jsg.Value, error)) struct{} {
	c := &codec{
		name:  class,
		write: func(e *Encoder, v any) error { return write(v.(*T), e.js, e) },
		read:  func(d *Decoder) (jsg.Value, error) { return read(d.js, d) },
	}
	codecs.Lock()
	defer codecs.Unlock()
	if codecs.byName[class] != nil {
		panic("clone: class " + class + " registered twice")
	}
	if codecs.byName == nil {
		codecs.byType, codecs.byName = map[reflect.Type]*codec{}, map[string]*codec{}
	}
	codecs.byType[reflect.TypeFor[*T]()], codecs.byName[class] = c, c
	return struct{}{}
}

func codecFor(native any) *codec {
	codecs.RLock()
	defer codecs.RUnlock()
	return codecs.byType[reflect.TypeOf(native)]
}

func codecNamed(name string) *codec {
	codecs.RLock()
	defer codecs.RUnlock()
	return codecs.byName[name]
}
