package bundle

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// clause is what stands between import and the path.
type clause struct {
	start  int
	star   bool // export *
	source bool // import source x
	def    string
	ns     string
	named  [][2]string // imported name, local name
}

var clauseHead = regexp.MustCompile(`(?:import source ([^\s{},*"]+)|import(?: ([^\s{},*"]+?))?,?(?:\*as ([^\s{},*"]+))?)$`)

// parseClause reads backwards from the end of head, which is the code in front
// of the path.
func parseClause(head []byte) *clause {
	if bytes.HasSuffix(head, []byte("export*from")) {
		return &clause{start: len(head) - len("export*from"), star: true}
	}
	if bytes.HasSuffix(head, []byte("import")) {
		return &clause{start: len(head) - len("import")}
	}
	rest, ok := bytes.CutSuffix(head, []byte("from"))
	if !ok {
		return nil
	}
	c := &clause{}
	if bytes.HasSuffix(rest, []byte("}")) {
		i := bytes.LastIndexByte(rest, '{')
		if i < 0 {
			return nil
		}
		for spec := range strings.SplitSeq(string(rest[i+1:len(rest)-1]), ",") {
			if spec != "" {
				c.named = append(c.named, importSpec(spec))
			}
		}
		rest = rest[:i]
	}
	rest = bytes.TrimSuffix(rest, []byte(" "))
	// Identifiers are short; a window keeps the search for `import` cheap.
	from := bytes.LastIndex(rest, []byte("import"))
	for from >= 0 {
		if m := clauseHead.FindSubmatchIndex(rest[from:]); m != nil && m[0] == 0 {
			sub := func(i int) string {
				if m[2*i] < 0 {
					return ""
				}
				return string(rest[from+m[2*i] : from+m[2*i+1]])
			}
			c.start, c.source, c.def, c.ns = from, sub(1) != "", sub(2), sub(3)
			if c.source {
				c.def = sub(1)
			}
			return c
		}
		from = bytes.LastIndex(rest[:from], []byte("import"))
	}
	return nil
}

func importSpec(spec string) [2]string {
	name, local, ok := strings.Cut(spec, " as ")
	if !ok {
		if name, local, ok = strings.Cut(spec, "\"as "); ok {
			name += "\""
		} else {
			local = name
		}
	}
	return [2]string{unquote(strings.TrimSpace(name)), strings.TrimSpace(local)}
}

// cutAs splits `a as b`; names that are no identifiers are quoted in the code.
func cutAs(spec string) (local, name string) {
	local, name, ok := strings.Cut(spec, " as ")
	if !ok {
		if local, name, ok = strings.Cut(spec, "as\""); ok {
			name = "\"" + name
		} else {
			name = local
		}
	}
	return strings.TrimSpace(local), unquote(strings.TrimSpace(name))
}

func unquote(s string) string {
	if strings.HasPrefix(s, `"`) {
		var out string
		if json.Unmarshal([]byte(s), &out) == nil {
			return out
		}
	}
	return s
}
