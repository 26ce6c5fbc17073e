package workflows

import "fmt"

// The service keeps a mebibyte at most of what a step came to, of params and of
// payloads. wrangler's simulator does not mind, and here it is said.
const serviceLimit = 1 << 20

// checkSize warns of what will be refused once it is deployed.
func (w *Workflow) checkSize(what string, n int) {
	if n > serviceLimit {
		w.report("warn", fmt.Sprintf("workflow %s: %s has %d bytes; Cloudflare refuses more than %d", w.name, what, n, serviceLimit))
	}
}
