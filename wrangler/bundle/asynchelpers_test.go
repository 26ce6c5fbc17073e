package bundle

import (
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
)

func TestAsyncHelpers(t *testing.T) {
	const source = `async function* f() { yield* g(); await 0; for await (const x of y) yield x } f()`
	for _, minify := range []bool{false, true} {
		r := api.Build(api.BuildOptions{
			Stdin: &api.StdinOptions{Contents: source}, Bundle: true, Format: api.FormatESModule, Supported: supported(mode{}),
			MinifyWhitespace: true, MinifySyntax: minify, MinifyIdentifiers: minify, Sourcemap: api.SourceMapExternal, Outdir: "out",
		})
		if len(r.Errors) > 0 {
			t.Fatal(r.Errors)
		}
		code, smap := outputs(r)
		mapped, err := decodeMap(code.Contents, smap.Contents)
		if err != nil {
			t.Fatal(err)
		}
		own := code.Contents[:(&origins{m: mapped}).first()]
		out, _ := insertAll(code.Contents, nil, arranged(asyncHelpers(own)))
		for _, name := range []string{"await", "asyncGenerator", "yieldStar", "forAwait"} {
			if strings.Count(string(out), "=__mw."+name+"?__mw."+name+":") != 1 {
				t.Errorf("minified %v: %s is not replaced in %s", minify, name, out)
			}
		}
	}
}
