package routes

import (
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/internal/diag"
	"github.com/miniworker/miniworker/runtime/routing"
	"github.com/miniworker/miniworker/wrangler/config"
)

// Journey is an answer with what may happen after it: what the code that runs
// can reach, and where fetch(request) would go.
type Journey struct {
	Answer
	// From is set for a request made by a Worker.
	From *Hop `json:"from,omitempty"`
	// Reach are the bindings through which the code can call other code.
	Reach []Reach `json:"reach,omitempty"`
	// Next is where fetch(request) goes from the Worker that answers.
	Next *Hop `json:"next,omitempty"`
}

// Reach is one binding that leads to other code.
type Reach struct {
	// Kind is "service", "durable_object" or "assets".
	Kind    string `json:"kind"`
	Binding string `json:"binding"`
	// Worker has the code; Entrypoint is the class, or "" for the default one.
	Worker     string `json:"worker"`
	Entrypoint string `json:"entrypoint,omitempty"`
	// Missing reports that the Worker is not part of the project.
	Missing bool          `json:"missing,omitempty"`
	Pos     diag.Position `json:"pos,omitzero"`
}

// Hop is a fetch() by a Worker and its fate.
type Hop struct {
	Worker  string          `json:"worker"`
	URL     string          `json:"url"`
	Outcome routing.Outcome `json:"outcome"`
	// Target is the Worker that runs.
	Target    string      `json:"target,omitempty"`
	Via       routing.Via `json:"via,omitempty"`
	Pattern   string      `json:"pattern,omitempty"`
	Zone      string      `json:"zone,omitempty"`
	Rule      string      `json:"rule"`
	Sentence  string      `json:"sentence"`
	ErrorCode int         `json:"error_code,omitempty"`
	Status    int         `json:"status,omitempty"`
	Warning   string      `json:"warning,omitempty"`
}

// Continue adds the rest of the way to an answer.
func Continue(t *routing.Table, configs []*config.Config, a Answer) Journey {
	j := Journey{Answer: a}
	c := find(configs, a.Worker)
	if a.Outcome != routing.RunWorker || c == nil || c.Main == "" || a.Assets != nil && !a.Assets.Code {
		return j
	}
	j.Reach = reachOf(c, configs)
	if u, err := url.Parse(a.URL); err == nil {
		h := Fetch(t, c, u, Caller{Zone: a.Zone, Via: a.Via, Host: u.Hostname(), Hops: 1})
		j.Next = &h
	}
	return j
}

// Caller says how a Worker that makes a fetch came to run.
type Caller struct {
	Zone string
	Via  routing.Via
	Host string
	Hops int
}

// Fetch decides where a global fetch by the Worker c goes.
func Fetch(t *routing.Table, c *config.Config, u *url.URL, by Caller) Hop {
	d := t.Subrequest(routing.Subrequest{
		Worker: c.Name, Zone: by.Zone, Via: by.Via, Host: by.Host, Hops: by.Hops,
		StrictlyPublic: slices.Contains(c.CompatibilityFlags, "global_fetch_strictly_public"),
		Scheme:         u.Scheme, TargetHost: u.Hostname(), PathAndQuery: u.RequestURI(),
	})
	h := Hop{
		Worker: c.Name, URL: u.String(), Outcome: d.Outcome, Target: d.Worker, Via: d.Via, Pattern: d.Pattern, Zone: d.Zone,
		Rule: d.Rule, ErrorCode: d.ErrorCode, Status: d.Status, Warning: d.Warning,
	}
	h.Sentence = hopSentence(h)
	return h
}

func hopSentence(h Hop) string {
	var where string
	switch h.Outcome {
	case routing.RunWorker:
		where = fmt.Sprintf("runs Worker %s, by %s", h.Target, kindName(h.Via))
		if h.Pattern != "" {
			where += " " + h.Pattern
		}
		if h.Target == h.Worker {
			where += " (itself again)"
		}
	case routing.Origin:
		where = fmt.Sprintf("goes to the origin of zone %s; locally that is the real one, unless --origin maps it", h.Zone)
	case routing.PlatformError:
		where = fmt.Sprintf("is refused: status %d, error code %d", h.Status, h.ErrorCode)
	default:
		where = "goes to the network"
	}
	return fmt.Sprintf("%s (%s: %s)", where, h.Rule, routing.Rules[h.Rule])
}

// reachOf lists the bindings of c that lead to code.
func reachOf(c *config.Config, configs []*config.Config) []Reach {
	var out []Reach
	for _, s := range c.Services {
		name := s.Service
		if s.Environment != "" {
			name += "-" + s.Environment
		}
		out = append(out, Reach{Kind: "service", Binding: s.Binding, Worker: name, Entrypoint: s.Entrypoint, Missing: find(configs, name) == nil, Pos: s.Pos})
	}
	for _, d := range c.DurableObjects {
		name := d.ScriptName
		switch {
		case name == "":
			name = c.Name
		case d.Environment != "":
			name += "-" + d.Environment
		}
		out = append(out, Reach{Kind: "durable_object", Binding: d.Name, Worker: name, Entrypoint: d.ClassName, Missing: find(configs, name) == nil, Pos: d.Pos})
	}
	if c.Assets != nil && c.Assets.Binding != "" {
		out = append(out, Reach{Kind: "assets", Binding: c.Assets.Binding, Worker: c.Name, Pos: c.Assets.BindingPos})
	}
	return out
}

// JourneyText writes a journey for a person.
func JourneyText(w io.Writer, j Journey, root string) error {
	var b strings.Builder
	if f := j.From; f != nil {
		fmt.Fprintf(&b, "%s\n  fetched by Worker %s: it %s\n", f.URL, f.Worker, f.Sentence)
		if f.Warning != "" {
			fmt.Fprintf(&b, "  warning: %s\n", f.Warning)
		}
		writeReach(&b, j, root)
		_, err := io.WriteString(w, b.String())
		return err
	}
	if err := ExplainText(w, j.Answer, root); err != nil {
		return err
	}
	writeReach(&b, j, root)
	_, err := io.WriteString(w, b.String())
	return err
}

func writeReach(b *strings.Builder, j Journey, root string) {
	if len(j.Reach) > 0 {
		b.WriteString("\nIts code can reach:\n")
	}
	for _, r := range j.Reach {
		fmt.Fprintf(b, "  env.%s: %s%s\n", r.Binding, reachText(r), at(r.Pos, root))
	}
	if n := j.Next; n != nil {
		fmt.Fprintf(b, "\nfetch(request) from it\n  %s\n", n.Sentence)
		if n.Warning != "" {
			fmt.Fprintf(b, "  warning: %s\n", n.Warning)
		}
	}
}

func reachText(r Reach) string {
	var s string
	switch r.Kind {
	case "service":
		s = "Worker " + r.Worker
		if r.Entrypoint != "" {
			s += ", entrypoint " + r.Entrypoint
		}
	case "durable_object":
		s = fmt.Sprintf("Durable Objects %s of Worker %s", r.Entrypoint, r.Worker)
	default:
		s = "its assets"
	}
	if r.Missing {
		s += " (not part of this project)"
	}
	return s
}

// JourneyJSON writes a journey for a program.
func JourneyJSON(w io.Writer, j Journey, root string) error {
	j.Answer = relativeAnswer(j.Answer, root)
	j.Reach = slices.Clone(j.Reach)
	for i := range j.Reach {
		j.Reach[i].Pos = relative(j.Reach[i].Pos, root)
	}
	if j.From == nil {
		return writeJSON(w, j)
	}
	// There is no answer to a request from outside, only the hop.
	return writeJSON(w, struct {
		From  *Hop    `json:"from"`
		Reach []Reach `json:"reach,omitempty"`
		Next  *Hop    `json:"next,omitempty"`
	}{j.From, j.Reach, j.Next})
}

// ContinueHop adds the rest of the way to a fetch made by a Worker.
func ContinueHop(t *routing.Table, configs []*config.Config, h Hop, by Caller) Journey {
	j := Journey{From: &h}
	c := find(configs, h.Target)
	if h.Outcome != routing.RunWorker || c == nil || c.Main == "" {
		return j
	}
	j.Reach = reachOf(c, configs)
	if u, err := url.Parse(h.URL); err == nil {
		next := Fetch(t, c, u, Caller{Zone: h.Zone, Via: h.Via, Host: u.Hostname(), Hops: by.Hops + 1})
		j.Next = &next
	}
	return j
}

// Find returns the config of a Worker by name, or nil.
func Find(configs []*config.Config, name string) *config.Config { return find(configs, name) }
