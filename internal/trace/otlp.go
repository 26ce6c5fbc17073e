package trace

import (
	"cmp"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
)

// WriteOTLP writes the records that are spans as an OTLP trace in JSON, which
// trace viewers open.
func (rs Records) WriteOTLP(w io.Writer) error {
	type value struct {
		String string `json:"stringValue"`
	}
	type attr struct {
		Key   string `json:"key"`
		Value value  `json:"value"`
	}
	type status struct {
		Code    int    `json:"code,omitempty"`
		Message string `json:"message,omitempty"`
	}
	type span struct {
		TraceID string  `json:"traceId"`
		SpanID  string  `json:"spanId"`
		Parent  string  `json:"parentSpanId,omitempty"`
		Name    string  `json:"name"`
		Kind    int     `json:"kind"`
		Start   string  `json:"startTimeUnixNano"`
		End     string  `json:"endTimeUnixNano"`
		Attrs   []attr  `json:"attributes,omitempty"`
		Status  *status `json:"status,omitempty"`
	}
	parent := map[Span]Span{}
	for _, r := range rs {
		parent[r.Span] = r.Parent
	}
	id := func(s Span, bytes int) string {
		b := make([]byte, bytes)
		for i := bytes - 1; i >= 0 && s > 0; i, s = i-1, s>>8 {
			b[i] = byte(s)
		}
		return hex.EncodeToString(b)
	}
	root := func(s Span) Span {
		for range len(rs) + 1 {
			next, ok := parent[s]
			if !ok || next == 0 {
				break
			}
			s = next
		}
		return s
	}
	var spans []span
	for _, r := range rs {
		s := r.Span
		if s == 0 {
			s = NewSpan()
		}
		out := span{
			TraceID: id(root(cmp.Or(r.Span, r.Parent)), 16), SpanID: id(s, 8), Name: r.Name, Kind: 1,
			Start: fmt.Sprint(r.Time.UnixNano()), End: fmt.Sprint(r.Time.Add(r.Duration).UnixNano()),
			Attrs: []attr{{"miniworker.kind", value{string(r.Kind)}}},
		}
		if r.Parent != 0 {
			out.Parent = id(r.Parent, 8)
		}
		for _, a := range []attr{{"miniworker.worker", value{r.Worker}}, {"miniworker.target", value{r.Target}}} {
			if a.Value.String != "" {
				out.Attrs = append(out.Attrs, a)
			}
		}
		if r.Status != 0 {
			out.Attrs = append(out.Attrs, attr{"http.response.status_code", value{fmt.Sprint(r.Status)}})
		}
		if r.Error != "" {
			out.Status = &status{2, r.Error}
		}
		spans = append(spans, out)
	}
	return json.NewEncoder(w).Encode(map[string]any{"resourceSpans": []any{map[string]any{
		"resource":   map[string]any{"attributes": []attr{{"service.name", value{"miniworker"}}}},
		"scopeSpans": []any{map[string]any{"scope": map[string]any{"name": "miniworker"}, "spans": spans}},
	}}})
}
