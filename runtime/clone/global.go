package clone

import "github.com/miniworker/miniworker/runtime/jsg"

// Install defines the global structuredClone, and makes cloning independent of
// what user code later does to the built-ins.
func Install(js *jsg.Scope) {
	realmOf(js)
	js.DefineGlobal("structuredClone", js.Func("structuredClone", 0, structuredClone))
}

const failed = "Failed to execute 'structuredClone' on 'ServiceWorkerGlobalScope': parameter %d is not of type '%s'."

func structuredClone(js *jsg.Scope, _ jsg.Value, a *jsg.Args) (jsg.Value, error) {
	if a.Len() == 0 {
		return nil, jsg.TypeErrorf(failed, 1, "Value")
	}
	v := a.Value(0)
	transfer, err := transferList(js, a.Value(1))
	if err != nil {
		return nil, err
	}
	if transfer == nil {
		if copied, ok := js.CopyPlain(v, maxDepth); ok {
			return copied, nil
		}
	}
	m, err := Write(js, v, Options{Transfer: transfer})
	if err != nil {
		return nil, err
	}
	return m.Read(js)
}

func transferList(js *jsg.Scope, options jsg.Value) (list []jsg.Value, err error) {
	o, ok := options.(*jsg.Object)
	if !ok {
		if jsg.IsNullish(options) {
			return nil, nil
		}
		return nil, jsg.TypeErrorf(failed, 2, "StructuredCloneOptions")
	}
	v, err := js.Get(o, "transfer")
	if err != nil || jsg.IsUndefined(v) {
		return nil, err
	}
	if !jsg.IsArray(v) {
		return nil, jsg.TypeErrorf("Incorrect type for the 'transfer' field on 'StructuredCloneOptions': the provided value is not of type 'Array'.")
	}
	err = js.Iterate(v, func(v jsg.Value) (bool, error) {
		buffer := v
		if view, ok := jsg.ViewOf(v); ok {
			buffer = view.Buffer
		}
		if _, ok := jsg.ArrayBufferOf(buffer); !ok {
			return false, jsg.TypeErrorf("Object is not transferable")
		}
		list = append(list, buffer)
		return true, nil
	})
	return list, err
}
