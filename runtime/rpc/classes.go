package rpc

import "github.com/miniworker/miniworker/runtime/jsg"

// Exports are the classes as cloudflare:workers names them.
func Exports() map[string]jsg.AnyClass {
	return map[string]jsg.AnyClass{"RpcTarget": targetClass, "RpcStub": stubClass, "RpcPromise": promiseClass, "RpcProperty": propertyClass}
}

func init() {
	// Messages and tags use the names of workerd's own classes, constructor.name
	// those they are exported under.
	exported := func(name string) func(js *jsg.Scope, ctor, proto *jsg.Object) {
		return func(js *jsg.Scope, ctor, _ *jsg.Object) { js.DefineFunctionName(ctor, name) }
	}
	targetClass.Extend, stubClass.Extend = exported("RpcTarget"), exported("RpcStub")
	promiseClass.Extend, propertyClass.Extend = exported("RpcPromise"), exported("RpcProperty")
}
