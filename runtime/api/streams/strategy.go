package streams

import (
	"math"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// sizeFunc measures a chunk for backpressure.
type sizeFunc func(js *jsg.Scope, chunk jsg.Value) (float64, error)

// strategy is a queuing strategy argument.
type strategy struct {
	hwm    float64
	hasHWM bool
	size   sizeFunc
}

func (s strategy) highWaterMark(def float64) float64 {
	if s.hasHWM {
		return s.hwm
	}
	return def
}

func errNegative() error {
	return jsg.TypeErrorf("The value cannot be converted because it is negative and this API expects a positive bigint.")
}

func readStrategy(js *jsg.Scope, a *jsg.Args, i int) (s strategy, err error) {
	d, err := dictionary(a, i, "StreamQueuingStrategy")
	if err != nil {
		return s, err
	}
	hwm, err := d.get(js, "highWaterMark")
	if err != nil {
		return s, err
	}
	if !jsg.IsUndefined(hwm) {
		// The platform takes whole numbers only.
		s.hwm, s.hasHWM = math.Trunc(hwm.ToFloat()), true
		if s.hwm < 0 {
			return s, errNegative()
		}
		if math.IsNaN(s.hwm) || math.IsInf(s.hwm, 1) {
			return s, jsg.TypeErrorf("The value cannot be converted because it is not an integer.")
		}
	}
	f, err := d.function(js, "size")
	if err != nil || f == nil {
		return s, err
	}
	s.size = func(js *jsg.Scope, chunk jsg.Value) (n float64, err error) {
		v, err := js.Call(f, jsg.Undefined, chunk)
		if err != nil {
			return 0, err
		}
		err = js.Try(func() { n = v.ToFloat() })
		return n, err
	}
	return s, nil
}

// queuingStrategy is the state of both strategy classes.
type queuingStrategy struct{ hwm float64 }

type countStrategy struct{ queuingStrategy }

type byteLengthStrategy struct{ queuingStrategy }

// ByteLengthQueuingStrategyClass is the class ByteLengthQueuingStrategy.
var ByteLengthQueuingStrategyClass = &jsg.Class[byteLengthStrategy]{
	Name: "ByteLengthQueuingStrategy",
	New: func(js *jsg.Scope, a *jsg.Args) (*byteLengthStrategy, error) {
		q, err := newQueuingStrategy(js, a, "ByteLengthQueuingStrategy")
		return &byteLengthStrategy{q}, err
	},
	Members: jsg.Members[byteLengthStrategy]{
		jsg.Getter("highWaterMark", func(s *byteLengthStrategy, js *jsg.Scope) (jsg.Value, error) { return js.Float(s.hwm), nil }),
		jsg.Getter("size", func(s *byteLengthStrategy, js *jsg.Scope) (jsg.Value, error) {
			return sharedSize(js, byteLengthSize, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
				o, ok := jsg.IsObject(a.Value(0))
				if !ok {
					return jsg.Undefined, nil
				}
				return js.Get(o, "byteLength")
			}), nil
		}),
	},
}

// CountQueuingStrategyClass is the class CountQueuingStrategy.
var CountQueuingStrategyClass = &jsg.Class[countStrategy]{
	Name: "CountQueuingStrategy",
	New: func(js *jsg.Scope, a *jsg.Args) (*countStrategy, error) {
		q, err := newQueuingStrategy(js, a, "CountQueuingStrategy")
		return &countStrategy{q}, err
	},
	Members: jsg.Members[countStrategy]{
		jsg.Getter("highWaterMark", func(s *countStrategy, js *jsg.Scope) (jsg.Value, error) { return js.Float(s.hwm), nil }),
		jsg.Getter("size", func(s *countStrategy, js *jsg.Scope) (jsg.Value, error) {
			return sharedSize(js, countSize, func(js *jsg.Scope, this jsg.Value, a *jsg.Args) (jsg.Value, error) {
				return js.Int(1), nil
			}), nil
		}),
	},
}

// The size functions are one per realm, as the specification has them.
var byteLengthSize, countSize = jsg.NewLocal[*jsg.Object](), jsg.NewLocal[*jsg.Object]()

func sharedSize(js *jsg.Scope, local *jsg.Local[*jsg.Object], f jsg.NativeFunc) *jsg.Object {
	if o := local.Get(js); o != nil {
		return o
	}
	o := js.Func("", 0, f)
	local.Set(js, o)
	return o
}

func newQueuingStrategy(js *jsg.Scope, a *jsg.Args, class string) (q queuingStrategy, err error) {
	o, ok := jsg.IsObject(a.Value(0))
	if !ok {
		return q, jsg.TypeErrorf("Failed to construct '%s': constructor parameter 1 is not of type 'QueuingStrategyInit'.", class)
	}
	v, err := js.Get(o, "highWaterMark")
	if err != nil {
		return q, err
	}
	return queuingStrategy{v.ToFloat()}, nil
}
