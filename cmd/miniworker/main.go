// Command miniworker runs Cloudflare Workers on this machine.
package main

import (
	"os"

	"github.com/miniworker/miniworker/wrangler/cli"
)

func main() { os.Exit(run()) }

func run() int {
	tune()
	defer profile()()
	return cli.Main(os.Args[1:], os.Stdout, os.Stderr)
}
