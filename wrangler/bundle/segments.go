package bundle

// Segment says that the script from the byte At on, until the next Segment, was
// made from a place of a source. Line and Col are 0-based, Col in UTF-16 units.
type Segment struct {
	At        int
	File      string // as in Position
	Line, Col int
}

// Segments returns the whole source map of the script, in order.
func (b *Bundle) Segments() ([]Segment, error) {
	m, err := b.decoded()
	if err != nil {
		return nil, err
	}
	out := make([]Segment, 0, len(m.list))
	for _, e := range m.list {
		if e.source >= 0 && int(e.source) < len(m.sources) {
			out = append(out, Segment{At: int(e.at), File: m.sources[e.source], Line: int(e.line), Col: int(e.col)})
		}
	}
	return out, nil
}

// Insertion is ASCII text to put in front of the byte At of a script.
type Insertion struct {
	At   int
	Text string
}

// instrument lets Options.Instrument add to the finished script.
func (b *Builder) instrument(out *Bundle) error {
	if b.opts.Instrument == nil {
		return nil
	}
	list, err := b.opts.Instrument(out)
	if err != nil {
		return err
	}
	ins := make([]insertion, len(list))
	for i, in := range list {
		ins[i] = insertion{at: in.At, text: in.Text}
	}
	out.Script, out.SourceMap = insertAll(out.Script, out.SourceMap, ins)
	return nil
}
