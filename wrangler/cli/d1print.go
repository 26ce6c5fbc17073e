package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/miniworker/miniworker/bindings/d1"
	"github.com/miniworker/miniworker/wrangler/dev"
)

// errPrinted ends a command whose error was written already.
var errPrinted = dev.ErrConfig

// printJSON writes results in the form wrangler writes them.
func printJSON(w io.Writer, results []*d1.Result) error {
	var b bytes.Buffer
	b.WriteByte('[')
	for i, r := range results {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`{"results":[`)
		for j, row := range r.Rows {
			if j > 0 {
				b.WriteByte(',')
			}
			rowJSON(&b, r.Columns, row)
		}
		fmt.Fprintf(&b, `],"success":true,"meta":{"duration":%v}}`, float64(r.Meta.Duration.Microseconds())/1000)
	}
	b.WriteByte(']')
	var out bytes.Buffer
	if err := json.Indent(&out, b.Bytes(), "", "  "); err != nil {
		return err
	}
	out.WriteByte('\n')
	_, err := out.WriteTo(w)
	return err
}

// rowJSON writes a row as an object. Of columns with one name the last counts.
func rowJSON(b *bytes.Buffer, columns []string, row []any) {
	last := map[string]int{}
	for i, name := range columns {
		last[name] = i
	}
	b.WriteByte('{')
	first := true
	for i, name := range columns {
		if j, ok := last[name]; !ok || j < i {
			continue
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		valueJSON(b, name)
		b.WriteByte(':')
		valueJSON(b, row[last[name]])
		delete(last, name)
	}
	b.WriteByte('}')
}

func valueJSON(b *bytes.Buffer, v any) {
	switch x := v.(type) {
	case float64:
		if math.IsInf(x, 0) || math.IsNaN(x) {
			v = nil
		}
	case []byte:
		numbers := make([]string, len(x))
		for i, n := range x {
			numbers[i] = strconv.Itoa(int(n))
		}
		v = "[" + strings.Join(numbers, ", ") + "]" // as text: so does wrangler
	}
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // nothing that could fail is left
	b.Truncate(b.Len() - 1)
}

// printError writes an error in the form wrangler writes it with --json.
func printError(w io.Writer, err error) {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	_ = e.Encode(map[string]any{"error": map[string]string{"text": sqlText(err)}})
}

// sqlText is an error without the position in the file.
func sqlText(err error) string {
	var at *d1.ScriptError
	if errors.As(err, &at) {
		return at.Error()
	}
	return err.Error()
}

// printTables writes results to be read.
func printTables(w io.Writer, results []*d1.Result) error {
	for i, r := range results {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if len(r.Columns) == 0 {
			fmt.Fprintf(w, "%s changed\n", count(int(r.Meta.Changes), "row"))
			continue
		}
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, strings.Join(r.Columns, "\t"))
		for _, row := range r.Rows {
			cells := make([]string, len(row))
			for i, v := range row {
				cells[i] = cell(v)
			}
			fmt.Fprintln(t, strings.Join(cells, "\t"))
		}
		if err := t.Flush(); err != nil {
			return err
		}
		fmt.Fprintf(w, "(%s)\n", count(len(r.Rows), "row"))
	}
	return nil
}

// cell is a value in one line, cut where it is long.
func cell(v any) string {
	const long = 80
	var text string
	switch v := v.(type) {
	case nil:
		return "NULL"
	case []byte:
		text = fmt.Sprintf("X'%x'", v)
	default:
		text = fmt.Sprint(v)
	}
	text = strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, text)
	if utf8.RuneCountInString(text) > long {
		text = string([]rune(text)[:long]) + "…"
	}
	return text
}
