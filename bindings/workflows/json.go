package workflows

import "slices"

// jsonMark begins a value that came as JSON, from outside of any worker.
var jsonMark = []byte("\x00json:")

func markJSON(data []byte) []byte {
	if len(data) == 0 {
		return nil
	}
	return slices.Concat(jsonMark, data)
}

// CreateJSON is Create with params in JSON; none are {}. Without an id it gets one.
func (w *Workflow) CreateJSON(id string, params []byte) (*Instance, error) {
	if id == "" {
		id = randomID()
	}
	if len(params) == 0 {
		params = []byte("{}")
	}
	return w.Create(id, markJSON(params))
}

// SendJSON is SendEvent with a payload in JSON, or none.
func (w *Workflow) SendJSON(id, kind string, payload []byte) error {
	return w.SendEvent(id, kind, markJSON(payload))
}
