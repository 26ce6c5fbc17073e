package polyfill

import "strings"

// table lists what each group provides: lines of a target and its members,
// written name/length, or name alone for a getter; ! replaces the engine's own. Members of the global object
// ("globalThis") are made on first read.
const table = `
iterator globalThis Iterator
iterator %Iterator% map/1 filter/1 take/1 drop/1 flatMap/1 reduce/1 toArray/0 forEach/1 some/1 every/1 find/1 includes/1 join/1 Symbol.dispose/0
collections Object groupBy/2
collections Map groupBy/2
collections Map.prototype getOrInsert/2 getOrInsertComputed/2
collections WeakMap.prototype getOrInsert/2 getOrInsertComputed/2
promise Promise withResolvers/0 try/1 !any/1
promise Array fromAsync/1
string String.prototype isWellFormed/0 toWellFormed/0 anchor/1 big/0 blink/0 bold/0 fixed/0 fontcolor/1 fontsize/1 italics/0 link/1 small/0 strike/0 sub/0 sup/0
string Object.prototype __defineGetter__/2 __defineSetter__/2 __lookupGetter__/1 __lookupSetter__/1
string Date.prototype getYear/0 setYear/1
buffer globalThis Atomics SharedArrayBuffer
buffer ArrayBuffer.prototype transfer/0 transferToFixedLength/0 resize/1 detached resizable maxByteLength
buffer DataView.prototype getFloat16/1 setFloat16/2
buffer Math f16round/1 sumPrecise/1
dispose globalThis SuppressedError DisposableStack AsyncDisposableStack
weak globalThis WeakRef FinalizationRegistry
intl globalThis Intl
intl Number.prototype !toLocaleString/0
intl BigInt.prototype !toLocaleString/0
intl Array.prototype !toLocaleString/0
intl %TypedArray%.prototype !toLocaleString/0
intl Date.prototype !toLocaleString/0 !toLocaleDateString/0 !toLocaleTimeString/0
intl String.prototype !toLocaleUpperCase/0 !toLocaleLowerCase/0 !localeCompare/1
`

// members is the table, parsed; positions in it are what stubs know.
var members = parseTable()

func parseTable() []member {
	var out []member
	groups := map[string]*group{}
	for line := range strings.Lines(strings.TrimSpace(table)) {
		fields := strings.Fields(line)
		g := groups[fields[0]]
		if g == nil {
			g = &group{name: fields[0]}
			groups[fields[0]] = g
		}
		target := fields[1]
		for _, f := range fields[2:] {
			f, replace := strings.CutPrefix(f, "!")
			name, length, isMethod := strings.Cut(f, "/")
			m := member{target: target, name: name, group: g, kind: getter, replace: replace}
			switch {
			case isMethod:
				m.kind, m.length = method, int(length[0]-'0')
			case target == "globalThis":
				m.kind, m.target = global, ""
			}
			out = append(out, m)
		}
	}
	return out
}
