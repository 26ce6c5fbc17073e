package durable

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/miniworker/miniworker/bindings/internal/store"
)

// facetIndexMagic opens workerd's list of an object's facets, ID.facets. An entry
// is the number of the facet's parent, the length of its name, 16 bits each, and
// the name; the first has the number 1, and 0 is the object. The database of
// facet N is ID.N.sqlite. What makes no sense ends the list: a crash left it.
// See https://github.com/cloudflare/workerd, src/workerd/server/facet-tree-index.h.
const facetIndexMagic = 0xc4cdce5bc5b0ef57

// importFacets copies the facets of an object.
func (n *Namespace) importFacets(id, from string) error {
	index, err := os.ReadFile(filepath.Join(from, id+facetsSuffix))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for i, path := range facetPaths(index) {
		src := filepath.Join(from, fmt.Sprintf("%s.%d.sqlite", id, i+1))
		if _, err := os.Stat(src); errors.Is(err, fs.ErrNotExist) {
			continue // deleted, or never used
		}
		dst := filepath.Join(n.dir, filepath.FromSlash(facetKey(id, path))+".sqlite")
		if err := store.CopyForeign(src, dst, alarmFromForeign); err != nil {
			return fmt.Errorf("facet %q: %w", path, err)
		}
	}
	return nil
}

// facetPaths are the names that lead to each facet of an index, in order.
func facetPaths(index []byte) (paths [][]string) {
	if len(index) < 8 || binary.LittleEndian.Uint64(index) != facetIndexMagic {
		return nil
	}
	for index = index[8:]; len(index) >= 4; {
		parent, length := int(binary.LittleEndian.Uint16(index)), int(binary.LittleEndian.Uint16(index[2:]))
		if index = index[4:]; length == 0 || length > len(index) || parent > len(paths) {
			return paths
		}
		var path []string
		if parent > 0 {
			path = append(path, paths[parent-1]...)
		}
		paths = append(paths, append(path, string(index[:length])))
		index = index[length:]
	}
	return paths
}
