package wasm

import (
	"context"
	"runtime"
	"sync"
	"weak"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// cache keeps machine code for the life of the process, whatever realm asked
// for it first: a reload does not compile again.
var cache = sync.OnceValue(func() wazero.CompilationCache { return newCache(cacheDir) })

func newCache(dir string) wazero.CompilationCache {
	if dir != "" {
		if c, err := wazero.NewCompilationCacheWithDir(dir); err == nil {
			return c
		}
	}
	return wazero.NewCompilationCache()
}

var cacheDir string

// CacheIn keeps machine code on disk as well, for later processes. It is called
// before anything else of this package; a directory that cannot be used is left
// alone.
func CacheIn(dir string) { cacheDir = dir }

// features are what modules may use.
const features = api.CoreFeaturesV2 | experimental.CoreFeaturesTailCall | experimental.CoreFeaturesExtendedConst | experimental.CoreFeaturesExceptionHandling

// engine is WebAssembly in one realm, made on first use.
type engine struct {
	rt     wazero.Runtime
	ctx    context.Context // ends when the realm is interrupted
	cancel context.CancelFunc
	depth  int        // calls into WebAssembly under way
	js     *jsg.Scope // while there are some
	refs   refs
	// instances and memories are all that are alive.
	instances []weak.Pointer[instance]
	memories  []weak.Pointer[memory]
}

var engines = jsg.NewLocal[*engine]()

func engineOf(js *jsg.Scope) *engine {
	e := engines.Get(js)
	if e == nil {
		e = &engine{refs: newRefs()}
		e.rt = newRuntime(cache())
		engines.Set(js, e)
	}
	if e.ctx == nil || e.ctx.Err() != nil {
		e.ctx, e.cancel = context.WithCancel(context.Background())
		js.OnInterrupt(e.cancel)
	}
	return e
}

func newRuntime(c wazero.CompilationCache) wazero.Runtime {
	config := wazero.NewRuntimeConfig().WithCoreFeatures(features).WithCompilationCache(c).WithCloseOnContextDone(true)
	return wazero.NewRuntimeWithConfig(context.Background(), config)
}

// compile makes machine code, using all processors.
func (e *engine) compile(data []byte) (wazero.CompiledModule, error) {
	ctx := experimental.WithCompilationWorkers(context.Background(), runtime.GOMAXPROCS(0))
	return e.rt.CompileModule(ctx, data)
}

// instantiate makes an instance whose imports are resolved by resolve.
func (e *engine) instantiate(m wazero.CompiledModule, resolve func(module string) api.Module) (api.Module, error) {
	ctx := experimental.WithImportResolver(e.ctx, resolve)
	return e.rt.InstantiateModule(ctx, m, wazero.NewModuleConfig().WithName("").WithStartFunctions())
}

// small makes an instance of a module of this package, which must be valid.
func (e *engine) small(data []byte, imported api.Module) (api.Module, error) {
	m, err := e.rt.CompileModule(context.Background(), data)
	if err != nil {
		return nil, err
	}
	return e.instantiate(m, func(string) api.Module { return imported })
}

// call runs f, which enters WebAssembly, and brings what JavaScript sees of it
// up to date.
func (e *engine) call(js *jsg.Scope, f func(ctx context.Context) error) error {
	e.depth++
	e.js = js
	err := f(e.ctx)
	if e.depth--; e.depth == 0 {
		e.js = nil
	}
	e.sync()
	if e.depth == 0 && e.refs.full() {
		e.collect()
	}
	return scriptError(js, err)
}

// sync detaches the buffers of memories that have grown.
func (e *engine) sync() {
	for _, w := range e.memories {
		if m := w.Value(); m != nil {
			m.sync()
		}
	}
}

// prune forgets what was collected.
func prune[T any](list []weak.Pointer[T]) []weak.Pointer[T] {
	kept := list[:0]
	for _, w := range list {
		if w.Value() != nil {
			kept = append(kept, w)
		}
	}
	return kept
}

// collect frees references that no table or global holds any more. No
// WebAssembly code is running, which could.
func (e *engine) collect() {
	e.instances, e.memories = prune(e.instances), prune(e.memories)
	e.refs.begin()
	for _, w := range e.instances {
		if i := w.Value(); i != nil {
			i.mark(&e.refs)
		}
	}
	e.refs.sweep()
}

// refs are the JavaScript values that WebAssembly holds, by the number it knows
// them by. null is 0, as a null reference is.
type refs struct {
	values    []jsg.Value
	objects   map[*jsg.Object]uint64
	free      []uint64
	threshold int
	marked    map[uint64]bool
}

// undefinedRef is the number of undefined.
const undefinedRef = 1

func newRefs() refs {
	return refs{values: []jsg.Value{jsg.Null, jsg.Undefined}, objects: map[*jsg.Object]uint64{}, threshold: 1024}
}

func (r *refs) put(v jsg.Value) uint64 {
	if jsg.IsNullish(v) {
		if jsg.IsUndefined(v) {
			return undefinedRef
		}
		return 0
	}
	o, isObject := jsg.IsObject(v)
	if isObject {
		if n, ok := r.objects[o]; ok {
			return n
		}
	}
	n := uint64(len(r.values))
	if last := len(r.free) - 1; last >= 0 {
		n, r.free = r.free[last], r.free[:last]
		r.values[n] = v
	} else {
		r.values = append(r.values, v)
	}
	if isObject {
		r.objects[o] = n
	}
	return n
}

func (r *refs) get(n uint64) jsg.Value {
	if n < uint64(len(r.values)) && r.values[n] != nil {
		return r.values[n]
	}
	return jsg.Undefined
}

func (r *refs) full() bool { return len(r.values)-len(r.free) > r.threshold }

func (r *refs) begin()        { r.marked = map[uint64]bool{0: true, undefinedRef: true} }
func (r *refs) mark(n uint64) { r.marked[n] = true }

func (r *refs) sweep() {
	for n, v := range r.values {
		if v == nil || r.marked[uint64(n)] {
			continue
		}
		if o, ok := jsg.IsObject(v); ok {
			delete(r.objects, o)
		}
		r.values[n] = nil
		r.free = append(r.free, uint64(n))
	}
	r.marked = nil
	r.threshold = max(1024, 2*(len(r.values)-len(r.free)))
}
