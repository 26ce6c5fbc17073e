package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"golang.org/x/term"

	"github.com/miniworker/miniworker/wrangler/dev"
)

// keyboard reads single keys from the terminal, until ctx ends. It is nil where
// nobody can type: without a terminal, in the background of one, in CI.
func keyboard(ctx context.Context, stdin *os.File, stdout io.Writer) (*dev.Keyboard, func()) {
	out, ok := stdout.(*os.File)
	if !ok || os.Getenv("CI") != "" || !term.IsTerminal(int(stdin.Fd())) || !term.IsTerminal(int(out.Fd())) {
		return nil, func() {}
	}
	restore, err := singleKeys(ctx, int(stdin.Fd()))
	if err != nil {
		return nil, func() {}
	}
	// The terminal is given back as soon as the session begins to end: another
	// signal would end the program without asking.
	unhook := context.AfterFunc(ctx, restore)
	keys := make(chan byte)
	// A read from a terminal cannot be given up; the goroutine ends with the
	// program.
	go func() {
		var b [1]byte
		for {
			if n, err := stdin.Read(b[:]); n == 0 || err != nil {
				return
			}
			select {
			case keys <- b[0]:
			case <-ctx.Done():
				return
			}
		}
	}()
	return &dev.Keyboard{Keys: keys, Browse: browse}, func() {
		unhook()
		restore()
	}
}

// browse opens an address as the system, or the variable BROWSER, wants it.
func browse(url string) error {
	var argv []string
	switch {
	case os.Getenv("BROWSER") == "none":
		return errors.New("BROWSER=none")
	case os.Getenv("BROWSER") != "":
		argv = strings.Fields(os.Getenv("BROWSER"))
	case runtime.GOOS == "darwin":
		argv = []string{"open"}
	case runtime.GOOS == "windows":
		argv = []string{"rundll32", "url.dll,FileProtocolHandler"}
	default:
		argv = []string{"xdg-open"}
	}
	cmd := exec.Command(argv[0], append(argv[1:], url)...)
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }() // so that it leaves no zombie
	return nil
}
