package workflows

import (
	"math"

	"github.com/miniworker/miniworker/runtime/jsg"
)

// readBatch reads what createBatch got: a list, or in newer code an object with
// instances or count. legacy is set for the first.
func readBatch(js *jsg.Scope, v jsg.Value) (list []NewInstance, legacy bool, err error) {
	o, ok := jsg.IsObject(v)
	if !ok {
		return nil, false, errArgument
	}
	if legacy = jsg.IsArray(v); !legacy {
		count, err := js.Get(o, "count")
		if err != nil {
			return nil, false, err
		}
		if !jsg.IsUndefined(count) {
			list, err = copies(js, o, count)
			return list, false, err
		}
		if v, err = js.Get(o, "instances"); err != nil {
			return nil, false, err
		}
		if !jsg.IsArray(v) {
			return nil, false, errArgument
		}
	}
	if err := checkLength(js, v, legacy); err != nil {
		return nil, legacy, err
	}
	err = js.Iterate(v, func(item jsg.Value) (bool, error) {
		n, err := newInstance(js, item)
		if err == nil && n.Given && (!validID(n.ID) || !legacy && reservedID(n.ID)) {
			err = errBadID
		}
		if err == errBadID && !legacy {
			err = errBadAddress
		}
		list = append(list, n)
		return err == nil, err
	})
	return list, legacy, err
}

func checkLength(js *jsg.Scope, list jsg.Value, legacy bool) error {
	o, _ := jsg.IsObject(list)
	length, err := js.Get(o, "length")
	if err != nil {
		return err
	}
	n := length.ToFloat()
	switch {
	case n > 0 && n <= maxBatch:
		return nil
	case !legacy:
		return refusal("body", "Batch size exceeds maximum allowed")
	case n == 0:
		return &Error{Message: "WorkflowError: batchCreate should have at least 1 instance"}
	}
	return &Error{Message: "WorkflowError: batchCreate only supports 100 instances at a time"}
}

// copies makes so many instances of the same options.
func copies(js *jsg.Scope, options *jsg.Object, count jsg.Value) (list []NewInstance, err error) {
	n := math.NaN()
	if jsg.IsNumber(count) {
		n = count.ToFloat()
	}
	switch {
	case !(n > 0) || n != math.Trunc(n):
		return nil, refusal("body", "count must be a positive integer")
	case n > maxBatch:
		return nil, refusal("body", "batchCreate only supports 100 instances at a time")
	}
	params, err := js.Get(options, "params")
	if err != nil {
		return nil, err
	}
	for range int(n) {
		one, err := newInstance(js, js.Record("params", params))
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}
