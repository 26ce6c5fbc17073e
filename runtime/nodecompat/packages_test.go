package nodecompat_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miniworker/miniworker/internal/testworker"
)

// TestPackages runs packages from npm, bundled as they would be in a worker
// (testdata/packages/build.mjs).
func TestPackages(t *testing.T) {
	files, err := filepath.Glob("testdata/packages/*.test.js")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".test.js")
		t.Run(name, func(t *testing.T) {
			bundle, err := os.ReadFile(filepath.Join("testdata/packages", name+".js"))
			if err != nil {
				t.Fatal(err)
			}
			tests, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			testworker.RunSource(t, file, string(bundle)+"\n"+string(tests), options(t))
		})
	}
}
