package server

import (
	"compress/gzip"
	"io"
)

// lazyGzip opens the decoder at the first read: its constructor reads, and a
// body must not be touched before somebody asks.
type lazyGzip struct {
	src io.Reader
	dec *gzip.Reader
}

func (l *lazyGzip) Read(p []byte) (int, error) {
	if l.dec == nil {
		dec, err := gzip.NewReader(l.src)
		if err != nil {
			return 0, err
		}
		l.dec = dec
	}
	return l.dec.Read(p)
}
