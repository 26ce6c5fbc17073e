package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/miniworker/miniworker/bindings/workflows"
	"github.com/miniworker/miniworker/wrangler/explorer"
)

// workflowFlags are what the commands of Workflows share.
type workflowFlags struct {
	dataFlags
	json   bool
	stdout io.Writer
}

func newWorkflows(stdout io.Writer) *cobra.Command {
	f := &workflowFlags{stdout: stdout}
	cmd := &cobra.Command{Use: "workflows", Short: "Look into the Workflows of a project and control instances, also while dev runs"}
	f.declare(cmd.PersistentFlags())
	fl := cmd.PersistentFlags()
	fl.BoolVar(&f.json, "json", false, "print JSON")
	fl.Int("port", 0, "accepted, changes nothing: the session that uses the state is found by that")
	fl.Lookup("port").Hidden = true
	instances := &cobra.Command{Use: "instances", Short: "Instances of a Workflow; latest stands for the newest one's id"}
	instances.AddCommand(f.instanceList(), f.instanceDescribe(), f.instanceEvent(), f.instanceRestart(),
		f.change("pause", "Keep an instance from going on"), f.change("resume", "Let a paused instance go on"),
		f.change("terminate", "End an instance"), f.instanceDelete())
	cmd.AddCommand(f.list(), f.describe(), f.trigger(), instances)
	return cmd
}

// command is one command: work prints what it has to say, or with --json the result
// is printed.
func (f *workflowFlags) command(use, short string, args cobra.PositionalArgs, work func(ctx context.Context, s *stored, args []string) (result any, say func(w io.Writer), err error)) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Args: args, RunE: func(cmd *cobra.Command, args []string) error {
		s, err := f.stored()
		if err != nil {
			return err
		}
		defer s.close()
		result, say, err := work(cmd.Context(), s, args)
		if err != nil {
			return err
		}
		if f.json {
			return writeIndented(f.stdout, result)
		}
		t := tabwriter.NewWriter(f.stdout, 0, 0, 2, ' ', 0)
		say(t)
		return t.Flush()
	}}
}

func (f *workflowFlags) list() *cobra.Command {
	return f.command("list", "List the Workflows of the project", cobra.NoArgs, func(ctx context.Context, s *stored, _ []string) (any, func(io.Writer), error) {
		var list []explorer.Workflow
		err := s.Call(ctx, explorer.Request{Method: http.MethodGet, Path: "/workflows"}, &list, nil)
		return list, func(w io.Writer) {
			fmt.Fprintln(w, "Name\tScript name\tClass name\tInstances")
			for _, x := range list {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", x.Name, x.Script, x.Class, counts(x.Counts))
			}
		}, err
	})
}

// counts says how many instances there are.
func counts(by map[workflows.Status]int64) string {
	var out []string
	for _, s := range workflows.Statuses {
		if by[s] > 0 {
			out = append(out, fmt.Sprintf("%d %s", by[s], s))
		}
	}
	if out == nil {
		return "none"
	}
	return strings.Join(out, ", ")
}

func (f *workflowFlags) describe() *cobra.Command {
	return f.command("describe NAME", "Describe a Workflow", cobra.ExactArgs(1), func(ctx context.Context, s *stored, args []string) (any, func(io.Writer), error) {
		var x explorer.Workflow
		err := s.Call(ctx, explorer.Request{Method: http.MethodGet, Path: explorer.Path("workflows", args[0])}, &x, nil)
		return x, func(w io.Writer) {
			fmt.Fprintf(w, "Name:\t%s\nScript name:\t%s\nClass name:\t%s\nInstances:\t%s\n", x.Name, x.Script, x.Class, counts(x.Counts))
		}, err
	})
}

func (f *workflowFlags) trigger() *cobra.Command {
	var id string
	cmd := f.command("trigger NAME [PARAMS]", "Make an instance; PARAMS is JSON", cobra.RangeArgs(1, 2), func(ctx context.Context, s *stored, args []string) (any, func(io.Writer), error) {
		body := map[string]any{"id": id}
		if len(args) > 1 && args[1] != "" {
			if !json.Valid([]byte(args[1])) {
				return nil, nil, errors.New(`PARAMS is not JSON; write for example '{"key": "value"}'`)
			}
			body["params"] = json.RawMessage(args[1])
		}
		var in explorer.WorkflowInstance
		err := f.send(ctx, s, http.MethodPost, explorer.Path("workflows", args[0], "instances"), body, &in)
		return in, func(w io.Writer) {
			fmt.Fprintf(w, "Workflow instance %q has been %s.\n", in.ID, in.Status)
		}, err
	})
	cmd.Flags().StringVar(&id, "id", "", "id of the instance (default a random UUID)")
	return cmd
}

// send sends JSON.
func (f *workflowFlags) send(ctx context.Context, s *stored, method, path string, body, result any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return s.Call(ctx, explorer.Request{Method: method, Path: path, Body: bytes.NewReader(data), Length: int64(len(data))}, result, nil)
}

func (f *workflowFlags) instanceList() *cobra.Command {
	var status string
	var page, perPage int
	var reverse bool
	cmd := f.command("list NAME", "List instances, newest first", cobra.ExactArgs(1), func(ctx context.Context, s *stored, args []string) (any, func(io.Writer), error) {
		q := url.Values{"status": {status}, "page": {strconv.Itoa(page)}, "per_page": {strconv.Itoa(perPage)}}
		var list []explorer.WorkflowInstance
		err := s.Call(ctx, explorer.Request{Method: http.MethodGet, Path: explorer.Path("workflows", args[0], "instances"), Query: q}, &list, nil)
		return list, func(w io.Writer) {
			fmt.Fprintln(w, "Id\tCreated\tStatus")
			for i := range list {
				in := list[i]
				if reverse {
					in = list[len(list)-1-i]
				}
				fmt.Fprintf(w, "%s\t%s\t%s\n", in.ID, in.Created.Format(time.DateTime), in.Status)
			}
		}, err
	})
	fl := cmd.Flags()
	fl.StringVar(&status, "status", "", "only those of a status: queued, running, paused, errored, terminated, complete")
	fl.IntVar(&page, "page", 1, "page to show")
	fl.IntVar(&perPage, "per-page", 25, "instances of a page")
	fl.BoolVar(&reverse, "reverse", false, "oldest of the page first")
	return cmd
}

// instancePath is the address of an instance; latest is the newest.
func instancePath(ctx context.Context, s *stored, name, id string) (string, error) {
	if id == "latest" {
		var list []explorer.WorkflowInstance
		err := s.Call(ctx, explorer.Request{Method: http.MethodGet, Path: explorer.Path("workflows", name, "instances"), Query: url.Values{"per_page": {"1"}}}, &list, nil)
		if err != nil {
			return "", err
		}
		if len(list) == 0 {
			return "", fmt.Errorf("the Workflow %s has no instances", name)
		}
		id = list[0].ID
	}
	return explorer.Path("workflows", name, "instances", id), nil
}

func (f *workflowFlags) instanceDescribe() *cobra.Command {
	return f.command("describe NAME [ID]", "Show an instance and what happened to it", cobra.RangeArgs(1, 2), func(ctx context.Context, s *stored, args []string) (any, func(io.Writer), error) {
		id := "latest"
		if len(args) > 1 {
			id = args[1]
		}
		path, err := instancePath(ctx, s, args[0], id)
		if err != nil {
			return nil, nil, err
		}
		var in explorer.WorkflowInstance
		err = s.Call(ctx, explorer.Request{Method: http.MethodGet, Path: path}, &in, nil)
		return in, func(w io.Writer) { showInstance(w, in) }, err
	})
}

func showInstance(w io.Writer, in explorer.WorkflowInstance) {
	fmt.Fprintf(w, "Id:\t%s\nStatus:\t%s\nCreated:\t%s\n", in.ID, in.Status, in.Created.Format(time.DateTime))
	if in.Output != nil {
		fmt.Fprintf(w, "Output:\t%s\n", in.Output)
	}
	if in.Error != nil {
		fmt.Fprintf(w, "Error:\t%s\n", in.Error)
	}
	fmt.Fprintln(w, "\nTime\tWhat\tStep\tData")
	for _, e := range in.Log {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", e.Time.Format(time.DateTime), e.Type, e.Step, e.Data)
	}
}

func (f *workflowFlags) instanceEvent() *cobra.Command {
	var kind, payload string
	cmd := f.command("send-event NAME ID", "Send an event to an instance", cobra.ExactArgs(2), func(ctx context.Context, s *stored, args []string) (any, func(io.Writer), error) {
		if !json.Valid([]byte(payload)) {
			return nil, nil, errors.New(`--payload is not JSON; write for example '{"key": "value"}'`)
		}
		path, err := instancePath(ctx, s, args[0], args[1])
		if err == nil {
			err = f.send(ctx, s, http.MethodPost, path+explorer.Path("events", kind), json.RawMessage(payload), nil)
		}
		return map[string]any{"type": kind}, func(w io.Writer) { fmt.Fprintf(w, "The event %q was sent.\n", kind) }, err
	})
	cmd.Flags().StringVar(&kind, "type", "", "type of the event")
	cmd.Flags().StringVar(&payload, "payload", "{}", "payload, as JSON")
	_ = cmd.MarkFlagRequired("type") // it is declared above
	return cmd
}

func (f *workflowFlags) change(status, short string) *cobra.Command {
	return f.command(status+" NAME ID", short, cobra.ExactArgs(2), func(ctx context.Context, s *stored, args []string) (any, func(io.Writer), error) {
		return f.patch(ctx, s, args, map[string]any{"status": status})
	})
}

func (f *workflowFlags) patch(ctx context.Context, s *stored, args []string, body map[string]any) (any, func(io.Writer), error) {
	path, err := instancePath(ctx, s, args[0], args[1])
	if err != nil {
		return nil, nil, err
	}
	var in explorer.WorkflowInstance
	err = f.send(ctx, s, http.MethodPatch, path+"/status", body, &in)
	return in, func(w io.Writer) { fmt.Fprintf(w, "The instance %q is %s.\n", in.ID, in.Status) }, err
}

func (f *workflowFlags) instanceRestart() *cobra.Command {
	from := workflows.From{}
	cmd := f.command("restart NAME ID", "Run an instance again", cobra.ExactArgs(2), func(ctx context.Context, s *stored, args []string) (any, func(io.Writer), error) {
		body := map[string]any{"status": "restart"}
		if from.Name != "" {
			body["from"] = from
		}
		return f.patch(ctx, s, args, body)
	})
	fl := cmd.Flags()
	fl.StringVar(&from.Name, "from-step-name", "", "step to begin at; what was done before stays done")
	fl.Int64Var(&from.Count, "from-step-count", 1, "which of the steps with that name")
	fl.StringVar(&from.Type, "from-step-type", "do", "do, sleep or waitForEvent")
	return cmd
}

func (f *workflowFlags) instanceDelete() *cobra.Command {
	return f.command("delete NAME ID...", "Delete instances", cobra.MinimumNArgs(2), func(ctx context.Context, s *stored, args []string) (any, func(io.Writer), error) {
		for _, id := range args[1:] {
			path, err := instancePath(ctx, s, args[0], id)
			if err == nil {
				err = s.Call(ctx, explorer.Request{Method: http.MethodDelete, Path: path}, nil, nil)
			}
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", id, err)
			}
		}
		return args[1:], func(w io.Writer) { fmt.Fprintf(w, "Deleted %s.\n", strings.Join(args[1:], ", ")) }, nil
	})
}
