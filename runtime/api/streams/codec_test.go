package streams

import (
	"bytes"
	"io"
	"testing"

	"github.com/miniworker/miniworker/runtime/wire"
)

// TestCodecPushedAndPulled compresses by one way and decompresses by the other,
// in pieces of every small size.
func TestCodecPushedAndPulled(t *testing.T) {
	want := bytes.Repeat([]byte("some text that repeats, "), 40)
	for _, format := range []string{"gzip", "deflate", "deflate-raw"} {
		packed, err := io.ReadAll(newCompressor(format).reader(wire.NewBytesBody(want)))
		if err != nil {
			t.Fatal(err)
		}
		for size := 1; size <= len(packed); size++ {
			d := &decompressor{format: format}
			var got []byte
			for rest := packed; len(rest) > 0; {
				n := min(size, len(rest))
				out, err := d.write(rest[:n])
				if err != nil {
					t.Fatalf("%s in pieces of %d: %v", format, size, err)
				}
				got = append(got, out...)
				rest = rest[n:]
			}
			out, err := d.close()
			if got = append(got, out...); err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%s in pieces of %d: %d bytes, %v", format, size, len(got), err)
			}
		}
		for _, broken := range []struct {
			name string
			data []byte
			want error
		}{
			{"truncated", packed[:len(packed)-3], errIncomplete()},
			{"trailing", append(bytes.Clone(packed), 1), errTrailing()},
			{"garbage", bytes.Repeat([]byte{0x55, 0xff}, 20), errDecompress()},
			{"empty", nil, errIncomplete()},
		} {
			_, pulled := io.ReadAll((&decompressor{format: format}).reader(wire.NewBytesBody(broken.data)))
			d := &decompressor{format: format}
			_, pushed := d.write(broken.data)
			if pushed == nil {
				_, pushed = d.close()
			}
			d.stop()
			if pulled == nil || pushed == nil || pulled.Error() != broken.want.Error() || pushed.Error() != broken.want.Error() {
				t.Errorf("%s %s: pulled %v, pushed %v, want %v", format, broken.name, pulled, pushed, broken.want)
			}
		}
	}
}
