package jsg

import (
	"math"
	"math/big"
	"reflect"
	"strconv"
	"unsafe"

	"github.com/dop251/goja"
	"github.com/dop251/goja/unistring"
)

// Operators of programs that the engine gets wrong, or that would take all of
// the machine's memory: their instructions are exchanged in a program when it
// was compiled.

//go:linkname toNumeric github.com/dop251/goja.toNumeric
func toNumeric(v Value) Value

//go:linkname intToValue github.com/dop251/goja.intToValue
func intToValue(i int64) Value

//go:linkname floatToValue github.com/dop251/goja.floatToValue
func floatToValue(f float64) Value

// machine is the beginning of the engine's vm, as far as operators need it.
type machine struct {
	r *goja.Runtime
	//lint:ignore U1000 the engine's
	prg   *programRecord
	pc    int
	stack []Value
	sp    int
	//lint:ignore U1000 the engine's
	sb, args int
	//lint:ignore U1000 the engine's
	stash, privEnv unsafe.Pointer
	callStack      []struct{} // layout.callSize each
	iterStack      []iteration
}

// iteration is one of those under way.
type iteration struct {
	value  Value
	_      func()
	record *iteratorRecord
}

// programRecord is the beginning of a compiled program.
type programRecord struct {
	code     []record // instructions
	funcName unistring.String
}

// instruction runs one.
type instruction = func(self unsafe.Pointer, vm *machine)

// The tables of methods of numbers, big integers and strings as values.
var intKind, floatKind, bigKind, asciiKind, wideKind unsafe.Pointer

// originals are what the engine's instructions do.
var originals struct{ and, or, xor, shr, not, sal, sar, add, mul, exp, concat, in, instanceOf, iterate, iteratePop, next, nextOrUndefined, spread, spreadArray, spreadObject, asyncFunction, asyncArrow, asyncMethod instruction }

// operators are what is put in the place of the engine's instructions, by the
// names of their types.
var operators = map[string]struct {
	original *instruction
	ours     instruction
}{
	"_and":          {&originals.and, func(self unsafe.Pointer, vm *machine) { vm.operands(); originals.and(self, vm) }},
	"_or":           {&originals.or, func(self unsafe.Pointer, vm *machine) { vm.operands(); originals.or(self, vm) }},
	"_xor":          {&originals.xor, func(self unsafe.Pointer, vm *machine) { vm.operands(); originals.xor(self, vm) }},
	"_shr":          {&originals.shr, func(self unsafe.Pointer, vm *machine) { vm.operands(); originals.shr(self, vm) }},
	"_sal":          {&originals.sal, func(self unsafe.Pointer, vm *machine) { vm.shiftOperands(+1); originals.sal(self, vm) }},
	"_sar":          {&originals.sar, func(self unsafe.Pointer, vm *machine) { vm.shiftOperands(-1); originals.sar(self, vm) }},
	"_bnot":         {&originals.not, not},
	"_add":          {&originals.add, add},
	"_mul":          {&originals.mul, multiply},
	"_exp":          {&originals.exp, power},
	"concatStrings": {&originals.concat, concat},
	"_op_in": {&originals.in, func(self unsafe.Pointer, vm *machine) {
		if left, right := vm.stack[vm.sp-2], vm.stack[vm.sp-1]; !isObject(right) {
			vm.typeError("Cannot use 'in' operator to search for '" + inText(left) + "' in " + inText(right))
		}
		originals.in(self, vm)
	}},
	"_op_instanceof": {&originals.instanceOf, func(self unsafe.Pointer, vm *machine) {
		if !isObject(vm.stack[vm.sp-1]) {
			vm.typeError("Right-hand side of 'instanceof' is not an object")
		}
		originals.instanceOf(self, vm)
	}},
	"iterNext":           {&originals.next, nextOf},
	"iterGetNextOrUndef": {&originals.nextOrUndefined, nextOrUndefined},
	"_pushSpread":        {&originals.spread, spread},
	"_pushArraySpread":   {&originals.spreadArray, spreadArray},
	"_copySpread":        {&originals.spreadObject, spreadObject},
	"newAsyncFunc": {&originals.asyncFunction, func(self unsafe.Pointer, vm *machine) {
		originals.asyncFunction(self, vm)
		vm.ownAsync(asyncTables.function)
	}},
	"newAsyncArrowFunc": {&originals.asyncArrow, func(self unsafe.Pointer, vm *machine) {
		originals.asyncArrow(self, vm)
		vm.ownAsync(asyncTables.arrow)
	}},
	"newAsyncMethod": {&originals.asyncMethod, func(self unsafe.Pointer, vm *machine) {
		originals.asyncMethod(self, vm)
		vm.ownAsync(asyncTables.method)
	}},
	"_iterate":  {&originals.iterate, func(self unsafe.Pointer, vm *machine) { originals.iterate(self, vm); vm.needNext() }},
	"_iterateP": {&originals.iteratePop, func(self unsafe.Pointer, vm *machine) { originals.iteratePop(self, vm); vm.needNext() }},
}

// operands makes numbers of the two operands of an operator of bits, with what
// the engine can take 32 bits of. big is set for two BigInts.
func (vm *machine) operands() (big bool) {
	left, right := &vm.stack[vm.sp-2], &vm.stack[vm.sp-1]
	if recordOf(left).kind == intKind && recordOf(right).kind == intKind {
		return false
	}
	*left, *right = toNumeric(*left), toNumeric(*right)
	lowBits(recordOf(left))
	lowBits(recordOf(right))
	return recordOf(left).kind == bigKind && recordOf(right).kind == bigKind
}

// lowBits takes away what a double has beyond 32 bits, if it is beyond 2^63,
// where the engine would find no bits at all.
func lowBits(v *record) {
	const tooLarge, bits = 1 << 63, 1 << 32
	if v.kind != floatKind {
		return
	}
	if f := *(*float64)(v.data); math.Abs(f) >= tooLarge && !math.IsInf(f, 0) {
		*(*Value)(unsafe.Pointer(v)) = floatToValue(math.Mod(f, bits))
	}
}

func not(self unsafe.Pointer, vm *machine) {
	v := &vm.stack[vm.sp-1]
	if recordOf(v).kind != intKind {
		*v = toNumeric(*v)
		lowBits(recordOf(v))
	}
	originals.not(self, vm)
}

// shiftOperands refuses to shift a BigInt to where V8 refuses it.
func (vm *machine) shiftOperands(sign int) {
	if !vm.operands() {
		return
	}
	value, by := bigOf(&vm.stack[vm.sp-2]), bigOf(&vm.stack[vm.sp-1])
	small := by.IsInt64() && by.Int64() <= maxBigInt && by.Int64() >= -maxBigInt
	if by.Sign() != sign || value.Sign() == 0 { // becomes shorter
		if !small {
			vm.stack[vm.sp-1] = bigValue(big.NewInt(int64(-sign) * maxBigInt))
		}
		if value.Sign() == 0 {
			vm.stack[vm.sp-1] = bigValue(new(big.Int))
		}
		return
	}
	if !small || int64(value.BitLen())+max(by.Int64(), -by.Int64()) > maxBigInt {
		vm.rangeError("Maximum BigInt size exceeded")
	}
}

// add is +. Numbers, which most operands are, are added here.
func add(self unsafe.Pointer, vm *machine) {
	left, right := recordOf(&vm.stack[vm.sp-2]), recordOf(&vm.stack[vm.sp-1])
	if left.kind == intKind && right.kind == intKind {
		vm.stack[vm.sp-2] = intToValue(*(*int64)(left.data) + *(*int64)(right.data))
		vm.sp--
		vm.pc++
		return
	}
	n := textLength(left)
	if n >= joinFrom {
		vm.stack[vm.sp-1] = plainText(vm.stack[vm.sp-1])
	}
	switch {
	case n+textLength(right) > maxString:
		vm.rangeError("Invalid string length")
	case n < joinFrom:
		originals.add(self, vm)
	case !vm.join(2):
		originals.add(self, vm)
		vm.scope().texts.remember(vm.stack[vm.sp-1])
	}
}

// join appends the other ones of the topmost values to the lowest of them, if
// that can be done without a copy.
func (vm *machine) join(values int) bool {
	at := vm.sp - values
	joined, ok := vm.scope().texts.join(vm.stack[at], vm.stack[at+1:vm.sp])
	if ok {
		vm.stack[at] = joined
		vm.sp = at + 1
		vm.pc++
	}
	return ok
}

// concat is a template literal.
func concat(self unsafe.Pointer, vm *machine) {
	values, n := *(*int)(self), 0
	for i := range values {
		n += textLength(recordOf(&vm.stack[vm.sp-1-i]))
	}
	if n > maxString {
		vm.rangeError("Invalid string length")
	}
	if textLength(recordOf(&vm.stack[vm.sp-values])) < joinFrom {
		originals.concat(self, vm)
	} else if !vm.join(values) {
		originals.concat(self, vm)
		vm.scope().texts.remember(vm.stack[vm.sp-1])
	}
}

// textLength is how long a string is, 0 for another value.
func textLength(v *record) int {
	if v.kind == asciiKind || v.kind == wideKind { // a string, and a slice of units behind a mark
		return (*struct {
			_ unsafe.Pointer
			n int
		})(v.data).n
	}
	return 0
}

func multiply(self unsafe.Pointer, vm *machine) {
	left, right := &vm.stack[vm.sp-2], &vm.stack[vm.sp-1]
	if a, ok := numberOf(left); ok {
		if b, ok := numberOf(right); ok { // the engine loses the sign of -5 * 0
			*left = numberValue(a * b)
			vm.sp--
			vm.pc++
			return
		}
	}
	if recordOf(left).kind == bigKind && recordOf(right).kind == bigKind && bigOf(left).BitLen()+bigOf(right).BitLen()-1 > maxBigInt {
		vm.rangeError("Maximum BigInt size exceeded")
	}
	originals.mul(self, vm)
}

func power(self unsafe.Pointer, vm *machine) {
	left, right := &vm.stack[vm.sp-2], &vm.stack[vm.sp-1]
	*left = toNumeric(*left)
	*right = toNumeric(*right)
	if recordOf(left).kind == bigKind && recordOf(right).kind == bigKind {
		base, exponent := bigOf(left), bigOf(right)
		switch {
		case exponent.Sign() <= 0:
		case base.BitLen() < 2: // 0, 1, -1: all powers with an odd exponent are the same, and those with an even one
			*right = bigValue(big.NewInt(2 - int64(exponent.Bit(0))))
		case !exponent.IsInt64() || int64(base.BitLen()-1) >= maxBigInt/min(exponent.Int64(), maxBigInt):
			vm.rangeError("Maximum BigInt size exceeded")
		}
	} else if isNumeric(recordOf(left)) && isNumeric(recordOf(right)) {
		*left = raised(*left, *right)
		vm.sp--
		vm.pc++
		return
	}
	originals.exp(self, vm)
}

func isNumeric(v *record) bool { return v.kind == intKind || v.kind == floatKind }

// needNext gives the iterator of the iteration that just began a method to call,
// if it has none: the engine would call nothing.
func (vm *machine) needNext() {
	begun := vm.iterStack[len(vm.iterStack)-1].record
	if begun.next != nil {
		return
	}
	next := begun.iterator.Get("next")
	begun.next = func(goja.FunctionCall) Value {
		what := TypeOf(next)
		switch {
		case IsString(next):
			what += " " + strconv.Quote(next.String())
		case IsNumber(next) || IsBool(next) || next == Null:
			what += " " + next.String()
		}
		vm.typeError(what + " is not a function")
		return nil
	}
}

// bigOf is a value of bigKind.
func bigOf(v *Value) *big.Int { return (*big.Int)(recordOf(v).data) }

func bigValue(n *big.Int) (v Value) {
	*recordOf(&v) = record{bigKind, unsafe.Pointer(n)}
	return v
}

func (vm *machine) typeError(message string) { panic(vm.r.NewTypeError("%s", message)) }

// inText is a primitive value in an error.
func inText(v Value) string {
	if o, ok := v.(*Object); ok {
		return "#<" + o.ClassName() + ">"
	}
	if s, ok := v.(*Symbol); ok {
		return "Symbol(" + s.String() + ")"
	}
	return v.String()
}

//go:linkname rangeErrorOf github.com/dop251/goja.(*Runtime).getRangeError
func rangeErrorOf(rt *goja.Runtime) *Object

func (vm *machine) rangeError(message string) {
	o, err := vm.r.New(rangeErrorOf(vm.r), vm.r.ToValue(message))
	check(err)
	panic(o)
}

// findOperators looks up what operators need.
func (l *layout) findOperators(sample *goja.Runtime) {
	tracker, ok := reflect.TypeFor[goja.Runtime]().FieldByName("asyncContextTracker")
	if !ok || tracker.Type != reflect.TypeFor[goja.AsyncContextTracker]() {
		panic("jsg: runtimes of this version of the engine have no tracker")
	}
	trackerAt = tracker.Offset
	vm, ours := l.vm, reflect.TypeFor[machine]()
	for i := range ours.NumField() {
		our := ours.Field(i)
		its, ok := vm.FieldByName(our.Name)
		if !ok || its.Offset != our.Offset || its.Type.Size() != our.Type.Size() {
			panic("jsg: this version of the engine has another vm." + our.Name)
		}
	}
	stack, _ := vm.FieldByName("iterStack")
	item, record := stack.Type.Elem(), reflect.TypeFor[iteration]().Field(2)
	if f, ok := item.FieldByName("iter"); !ok || f.Offset != record.Offset || item.Size() != reflect.TypeFor[iteration]().Size() ||
		f.Type.Elem().Field(0).Type != record.Type.Elem().Field(0).Type || f.Type.Elem().Field(1).Type != record.Type.Elem().Field(1).Type {
		panic("jsg: iterations of this version of the engine are others")
	}
	l.findScopes()
	code, ok := reflect.TypeFor[goja.Program]().FieldByName("code")
	if !ok || code.Offset != 0 || code.Type.Kind() != reflect.Slice || code.Type.Elem().Kind() != reflect.Interface {
		panic("jsg: programs of this version of the engine have no code")
	}
	l.instruction = code.Type.Elem()
	if name, ok := reflect.TypeFor[goja.Program]().FieldByName("funcName"); !ok || name.Offset != unsafe.Offsetof(programRecord{}.funcName) {
		panic("jsg: programs of this version of the engine have no names")
	}
	kind := func(v any, name string) unsafe.Pointer {
		value := sample.ToValue(v)
		if got := reflect.TypeOf(value); got.String() != name {
			panic("jsg: in this version of the engine " + name + " is " + got.String())
		}
		return recordOf(&value).kind
	}
	intKind, floatKind, bigKind = kind(1000, "goja.valueInt"), kind(1.5, "goja.valueFloat"), kind(big.NewInt(1), "*goja.valueBigInt")
	asciiKind, wideKind = l.ascii, l.wide
}
