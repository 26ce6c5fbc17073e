package bundle

import (
	"bytes"
	"regexp"
	"sync"
)

// asyncHelpers finds what esbuild lowers async iteration to, in its own code in
// front of that of the worker, and has the runtime's used in its place, where the
// runtime has it: the order of microtasks, tags and errors are the
// specification's then.
func asyncHelpers(code []byte) []insertion {
	if !bytes.Contains(code, []byte("asyncIterator")) {
		return nil
	}
	var out []insertion
	for _, h := range helpers() {
		if m := h.pattern.FindIndex(code); m != nil {
			out = append(out, insertion{at: m[0] + bytes.IndexByte(code[m[0]:], '=') + 1, text: "__mw." + h.name + "?__mw." + h.name + ":"})
		}
	}
	return out
}

type helper struct {
	name    string
	pattern *regexp.Regexp
}

var helpers = sync.OnceValue(func() []helper {
	return []helper{
		{"await", regexp.MustCompile(`[\w$]+=function\([\w$]+,[\w$]+\)\{this\[0\]=`)},
		{"asyncGenerator", regexp.MustCompile(`[\w$]+=\([\w$]+,[\w$]+,[\w$]+\)=>\{var [\w$]+=\([\w$]+,[\w$]+,[\w$]+,[\w$]+\)=>\{try\{`)},
		{"yieldStar", regexp.MustCompile(`[\w$]+=[\w$]+=>\{var [\w$]+=[\w$]+\[[\w$]+\("asyncIterator"\)\],`)},
		{"forAwait", regexp.MustCompile(`[\w$]+=\([\w$]+,[\w$]+,[\w$]+\)=>\([\w$]+=[\w$]+\[[\w$]+\("asyncIterator"\)\]\)\?`)},
	}
})
