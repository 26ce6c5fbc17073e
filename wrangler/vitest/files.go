package vitest

import (
	"cmp"
	"crypto/sha1"
	"fmt"
	"io/fs"
	"math/rand"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// What Vitest includes and excludes by default.
var (
	defaultInclude = []string{"**/*.{test,spec}.?(c|m)[jt]s?(x)"}
	defaultExclude = []string{"**/node_modules/**", "**/.git/**"}
)

// find lists the test files of a run, in the order of their names.
func find(o *Options) ([]string, error) {
	include, err := globs(o.Include, defaultInclude)
	if err != nil {
		return nil, err
	}
	exclude, err := globs(o.Exclude, nil)
	if err != nil {
		return nil, err
	}
	always, _ := globs(nil, defaultExclude)
	exclude = append(exclude, always...)
	return filesBelow(o.Root, exclude, func(path, rel string) bool {
		return matches(include, rel) && wanted(o.Filters, path, rel)
	})
}

// filesBelow lists the files of a project that are picked, in the order of their
// names.
func filesBelow(root string, exclude []*regexp.Regexp, pick func(path, rel string) bool) (out []string, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if name := d.Name(); name == "node_modules" || name == ".git" || name == ".miniworker" || name == ".wrangler" || matches(exclude, rel+"/") {
				return fs.SkipDir
			}
			return nil
		}
		if !matches(exclude, rel) && pick(path, rel) {
			out = append(out, path)
		}
		return nil
	})
	slices.Sort(out)
	return out, err
}

// wanted reports whether a file is among those the command line names: by a
// part of its path, as Vitest's filters are.
func wanted(filters []string, path, rel string) bool {
	if len(filters) == 0 {
		return true
	}
	return slices.ContainsFunc(filters, func(f string) bool {
		f = strings.TrimPrefix(filepath.ToSlash(f), "./")
		return strings.Contains(rel, f) || filepath.IsAbs(f) && strings.HasPrefix(filepath.ToSlash(path), f)
	})
}

func matches(list []*regexp.Regexp, path string) bool {
	return slices.ContainsFunc(list, func(r *regexp.Regexp) bool { return r.MatchString(path) })
}

func globs(list, otherwise []string) ([]*regexp.Regexp, error) {
	if list == nil {
		list = otherwise
	}
	var out []*regexp.Regexp
	for _, g := range list {
		r, err := regexp.Compile(globPattern(strings.TrimPrefix(filepath.ToSlash(g), "./")))
		if err != nil {
			return nil, fmt.Errorf("the pattern %q is not a glob: %w", g, err)
		}
		out = append(out, r)
	}
	return out, nil
}

// globPattern translates a glob with *, **, ?, [...], {a,b} and the extended
// groups ?(…), *(…), +(…), @(…).
func globPattern(glob string) string {
	var b strings.Builder
	b.WriteString("^")
	var closers []string
	for i := 0; i < len(glob); i++ {
		c := glob[i]
		extended := i+1 < len(glob) && glob[i+1] == '('
		switch {
		case extended && strings.IndexByte("?*+@", c) >= 0:
			b.WriteString("(?:")
			closers = append(closers, ")"+map[byte]string{'?': "?", '*': "*", '+': "+", '@': ""}[c])
			i++
		case c == ')' && len(closers) > 0:
			b.WriteString(closers[len(closers)-1])
			closers = closers[:len(closers)-1]
		case c == '}' && len(closers) > 0:
			b.WriteString(closers[len(closers)-1])
			closers = closers[:len(closers)-1]
		case c == '{':
			b.WriteString("(?:")
			closers = append(closers, ")")
		case (c == ',' || c == '|') && len(closers) > 0:
			b.WriteByte('|')
		case strings.HasPrefix(glob[i:], "**/"):
			b.WriteString("(?:.*/)?")
			i += 2
		case strings.HasPrefix(glob[i:], "**"):
			b.WriteString(".*")
			i++
		case c == '*':
			b.WriteString("[^/]*")
		case c == '?':
			b.WriteString("[^/]")
		case c == '[':
			end := strings.IndexByte(glob[i:], ']')
			if end < 0 {
				b.WriteString(`\[`)
				continue
			}
			class := glob[i+1 : i+end]
			if strings.HasPrefix(class, "!") {
				class = "^" + class[1:]
			}
			b.WriteString("[" + class + "]")
			i += end
		default:
			b.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	b.WriteString("$")
	return b.String()
}

// shard is the part of the files that one of several machines runs, chosen as
// Vitest does: by the hash of the path below the root.
func shard(files []string, root string, index, count int) []string {
	if count <= 1 {
		return files
	}
	type hashed struct{ path, sum string }
	var list []hashed
	for _, f := range files {
		rel := filepath.ToSlash(strings.TrimPrefix(f, root))
		list = append(list, hashed{f, fmt.Sprintf("%x", sha1.Sum([]byte(rel)))})
	}
	slices.SortFunc(list, func(a, b hashed) int { return cmp.Compare(a.sum, b.sum) })
	// The first parts get one more while the division leaves a rest.
	size, rest := len(list)/count, len(list)%count
	start := (index-1)*size + min(index-1, rest)
	end := start + size
	if index <= rest {
		end++
	}
	var out []string
	for _, h := range list[start:end] {
		out = append(out, h.path)
	}
	slices.Sort(out)
	return out
}

// shuffle puts the files into an order that seed determines.
func shuffle(files []string, seed int64) {
	r := rand.New(rand.NewSource(seed))
	r.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
}
