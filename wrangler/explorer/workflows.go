package explorer

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/miniworker/miniworker/bindings/workflows"
)

// Workflow is a Workflow of the project.
type Workflow struct {
	Name   string                     `json:"name"`
	Script string                     `json:"script_name"`
	Class  string                     `json:"class_name"`
	Counts map[workflows.Status]int64 `json:"instances"`
}

// WorkflowInstance is an instance; Log, Output and Error are there when it alone was
// asked for.
type WorkflowInstance struct {
	ID      string           `json:"id"`
	Status  workflows.Status `json:"status"`
	Created time.Time        `json:"created_on"`
	Started *time.Time       `json:"started_on"`
	Ended   *time.Time       `json:"ended_on"`
	Output  json.RawMessage  `json:"output,omitempty"`
	Error   json.RawMessage  `json:"error,omitempty"`
	Log     []WorkflowEntry  `json:"log,omitempty"`
}

// WorkflowEntry is one thing that happened to an instance.
type WorkflowEntry struct {
	Time time.Time       `json:"timestamp"`
	Type string          `json:"type"`
	Step string          `json:"step_name,omitempty"`
	Data json.RawMessage `json:"data"`
}

// workflows answers below workflows.
func (c *call) workflows(path []string) error {
	if len(path) == 0 {
		return c.workflowList()
	}
	i := slices.IndexFunc(c.workflowNames(), func(w Workflow) bool { return w.Name == path[0] })
	if i < 0 {
		return &Error{http.StatusNotFound, 10200, "There is no Workflow of that name in the project."}
	}
	w, err := workflows.Shared(c.api.Session, path[0])
	if err != nil {
		return err
	}
	switch {
	case len(path) == 1:
		known := c.workflowNames()[i]
		if known.Counts, err = w.Counts(); err != nil {
			return err
		}
		return c.ok(known, nil)
	case len(path) == 2 && path[1] == "instances":
		return c.instances(w)
	case len(path) == 3 && path[1] == "instances":
		return c.instance(w, path[2])
	case len(path) == 4 && path[1] == "instances" && path[3] == "status":
		return c.changeInstance(w, path[2])
	case len(path) == 5 && path[1] == "instances" && path[3] == "events":
		return c.sendEvent(w, path[2], path[4])
	}
	return errNoRoute
}

// workflowNames are the Workflows that the workers of the project have or bind.
func (c *call) workflowNames() []Workflow {
	list := []Workflow{}
	add := func(name, script, class string) {
		if !slices.ContainsFunc(list, func(w Workflow) bool { return w.Name == name }) {
			list = append(list, Workflow{Name: name, Script: script, Class: class})
		}
	}
	for _, cfg := range c.api.Configs {
		for _, e := range cfg.Exports {
			if e.Type == "workflow" {
				add(e.Workflow, cfg.Name, e.Name)
			}
		}
		for _, b := range cfg.Workflows {
			script := b.ScriptName
			if script == "" {
				script = cfg.Name
			}
			add(b.Name, script, b.ClassName)
		}
	}
	return list
}

func (c *call) workflowList() error {
	if err := c.only(http.MethodGet); err != nil {
		return err
	}
	list := c.workflowNames()
	for i := range list {
		w, err := workflows.Shared(c.api.Session, list[i].Name)
		if err != nil {
			return err
		}
		if list[i].Counts, err = w.Counts(); err != nil {
			return err
		}
	}
	return c.ok(list, nil)
}

func shownInstance(in *workflows.Instance) WorkflowInstance {
	at := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		t = t.UTC()
		return &t
	}
	return WorkflowInstance{ID: in.ID, Status: in.Status, Created: in.Created.UTC(), Started: at(in.Started), Ended: at(in.Ended)}
}

// instances lists the instances, newest first, or makes one.
func (c *call) instances(w *workflows.Workflow) error {
	if err := c.only(http.MethodGet, http.MethodPost); err != nil {
		return err
	}
	if c.Method == http.MethodPost {
		return c.createInstance(w)
	}
	number := func(name string, def int) int {
		if n, err := strconv.Atoi(c.query.Get(name)); err == nil && n > 0 {
			return n
		}
		return def
	}
	size := min(number("per_page", 25), 1000)
	list, more, err := w.List(workflows.Status(c.query.Get("status")), size, size*(number("page", 1)-1))
	if err != nil {
		return err
	}
	out := []WorkflowInstance{}
	for _, in := range list {
		out = append(out, shownInstance(in))
	}
	return c.ok(out, map[string]any{"per_page": size, "more": more})
}

// bodyLimit is how much a request may hold.
const bodyLimit = 32 << 20

func (c *call) createInstance(w *workflows.Workflow) error {
	var body struct {
		ID     string          `json:"id"`
		Params json.RawMessage `json:"params"`
	}
	if err := json.NewDecoder(io.LimitReader(c.Body, bodyLimit)).Decode(&body); err != nil && !errors.Is(err, io.EOF) {
		return errInvalid("The body is not JSON.")
	}
	in, err := w.CreateJSON(body.ID, body.Params)
	if err != nil {
		return workflowError(err)
	}
	return c.ok(shownInstance(in), nil)
}

func (c *call) instance(w *workflows.Workflow, id string) error {
	if err := c.only(http.MethodGet, http.MethodDelete); err != nil {
		return err
	}
	if c.Method == http.MethodDelete {
		if err := w.Delete(id); err != nil {
			return workflowError(err)
		}
		return c.ok(map[string]string{"id": id}, nil)
	}
	r, err := w.Describe(id)
	if err != nil {
		return workflowError(err)
	}
	out := shownInstance(r.Instance)
	out.Output, out.Error = r.Output(), r.Failure()
	for _, e := range r.Log {
		out.Log = append(out.Log, WorkflowEntry{e.Time.UTC(), e.Event, e.Target, e.Data})
	}
	return c.ok(out, nil)
}

// changeInstance is PATCH with the status an instance is to have.
func (c *call) changeInstance(w *workflows.Workflow, id string) error {
	if err := c.only(http.MethodPatch); err != nil {
		return err
	}
	var body struct {
		Status string          `json:"status"`
		From   *workflows.From `json:"from"`
	}
	if err := json.NewDecoder(io.LimitReader(c.Body, bodyLimit)).Decode(&body); err != nil {
		return errInvalid("The body is not JSON.")
	}
	var err error
	switch body.Status {
	case "pause":
		err = w.Pause(id)
	case "resume":
		err = w.Resume(id)
	case "terminate":
		err = w.Terminate(id)
	case "restart":
		err = w.Restart(id, body.From)
	default:
		return errInvalid("The status has to be pause, resume, terminate or restart.")
	}
	if err != nil {
		return workflowError(err)
	}
	r, err := w.Get(id)
	if err != nil {
		return workflowError(err)
	}
	return c.ok(shownInstance(r), nil)
}

func (c *call) sendEvent(w *workflows.Workflow, id, kind string) error {
	if err := c.only(http.MethodPost); err != nil {
		return err
	}
	payload, err := io.ReadAll(io.LimitReader(c.Body, bodyLimit))
	if err != nil {
		return err
	}
	if len(payload) > 0 && !json.Valid(payload) {
		return errInvalid("The body is not JSON.")
	}
	if err := w.SendJSON(id, kind, payload); err != nil {
		return workflowError(err)
	}
	return c.ok(nil, nil)
}

// workflowError gives a refusal of the service with a status.
func workflowError(err error) error {
	var refused *workflows.Error
	if !errors.As(err, &refused) {
		return err
	}
	if refused.Message == "instance.not_found" {
		return &Error{http.StatusNotFound, 10400, "There is no instance of that id."}
	}
	return &Error{http.StatusBadRequest, 10001, refused.Error()}
}
