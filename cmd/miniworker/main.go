// Command miniworker runs Cloudflare Workers on this machine.
package main

import (
	"os"
	"path/filepath"

	"github.com/miniworker/miniworker/runtime/api/wasm"
	"github.com/miniworker/miniworker/wrangler/cli"
)

func main() { os.Exit(run()) }

func run() int {
	tune()
	defer profile()()
	if dir, err := os.UserCacheDir(); err == nil {
		wasm.CacheIn(filepath.Join(dir, "miniworker", "wasm"))
	}
	return cli.Main(os.Args[1:], os.Stdout, os.Stderr)
}
