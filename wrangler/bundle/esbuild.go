package bundle

import (
	"encoding/json"

	"github.com/evanw/esbuild/pkg/api"
)

// esbuildOptions are Wrangler's settings plus what linking needs. Whitespace is
// always removed: the engine parses few megabytes per second, and the source
// map restores positions. Names stay unless minify is asked for, so that stacks
// and Function.prototype.name read well.
func (b *Builder) esbuildOptions(m mode, s *seen) api.BuildOptions {
	o := &b.opts
	opts := api.BuildOptions{
		AbsWorkingDir:     o.Dir,
		EntryPoints:       []string{o.Entry},
		Outdir:            o.Dir, // never written; makes map sources relative to Dir
		Bundle:            true,
		Format:            api.FormatESModule,
		Target:            api.ES2024,
		Supported:         supported(m),
		Platform:          platform(o.Platform),
		Conditions:        o.Conditions,
		Sourcemap:         api.SourceMapExternal,
		SourcesContent:    api.SourcesContentExclude,
		MinifyWhitespace:  true,
		MinifySyntax:      o.Minify,
		MinifyIdentifiers: o.Minify,
		KeepNames:         m.keepNames,
		LegalComments:     api.LegalCommentsNone,
		LogLevel:          api.LogLevelSilent,
		LogLimit:          0,
		Define:            b.defines(),
		JSXFactory:        o.JSXFactory,
		JSXFragment:       o.JSXFragment,
		Loader: map[string]api.Loader{
			".js": api.LoaderJSX, ".mjs": api.LoaderJSX, ".cjs": api.LoaderJSX,
		},
		Plugins: []api.Plugin{b.plugin(s)},
	}
	if o.Source != "" {
		opts.EntryPoints = nil
		opts.Stdin = &api.StdinOptions{Contents: o.Source, ResolveDir: o.Dir, Loader: api.LoaderJS}
	}
	if o.TSConfig != "" {
		opts.Tsconfig = b.tsconfig
	}
	if o.Instrument != nil {
		opts.TreeShaking, opts.IgnoreAnnotations = api.TreeShakingFalse, true
	}
	return opts
}

func (b *Builder) defines() map[string]string {
	env, _ := json.Marshal(b.opts.NodeEnv) // a string always marshals
	d := map[string]string{
		"process.env.NODE_ENV":            string(env),
		"global.process.env.NODE_ENV":     string(env),
		"globalThis.process.env.NODE_ENV": string(env),
		"import.meta":                     "__mw.meta",
	}
	if b.opts.Navigator {
		d["navigator.userAgent"] = `"Cloudflare-Workers"`
	}
	for k, v := range b.opts.Define {
		d[k] = v
	}
	return d
}

func platform(name string) api.Platform {
	switch name {
	case "node":
		return api.PlatformNode
	case "neutral":
		return api.PlatformNeutral
	}
	return api.PlatformBrowser
}
