package bundle

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dop251/goja"
	"github.com/rogpeppe/go-internal/txtar"
)

func noEnv(string) string { return "" }

// project writes the files of a txtar text to a new directory.
func project(t testing.TB, text string) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(text)).Files {
		write(t, dir, f.Name, string(f.Data))
	}
	return dir
}

func write(t testing.TB, dir, name, text string) {
	t.Helper()
	p := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func builder(t testing.TB, o Options) *Builder {
	t.Helper()
	o.Getenv = noEnv
	b, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Dispose)
	return b
}

func mustBuild(t testing.TB, b *Builder) *Bundle {
	t.Helper()
	out, list := b.Build(t.Context())
	if out == nil {
		t.Fatal(list.Error())
	}
	return out
}

// TestPositions throws at known places and follows the engine's stack back to
// the exact line and column, through every edit the linker makes.
func TestPositions(t *testing.T) {
	dir := project(t, `
-- src/index.ts --
import { env } from "cloudflare:workers";
import * as path from "node:path";
import text from "./t.txt";
import { fail } from "./lib/fail";
interface Unused { a: string }
const s = "é😀"; export default function main() {
  void import("node:path"); void import(path.join("x")).catch(() => {}); fail(env, text);
}
-- src/lib/fail.ts --
export type T = number; class Q { get = 1; static set = () => Q } if (Q.name !== "Q") throw 1; /é😀/.test("é") && Q();

export function fail(...a: unknown[]): never {
  const fs = require("fs");
    throw new Error("boom");
}
-- src/t.txt --
x
`)
	for _, c := range []struct {
		name   string
		minify bool
		tail   string
	}{{"plain", false, ""}, {"minified", true, ""}, {"top-level await", false, "\nawait 1;\n"}} {
		t.Run(c.name, func(t *testing.T) {
			src, err := os.ReadFile(filepath.Join(dir, "src/index.ts"))
			if err != nil {
				t.Fatal(err)
			}
			write(t, dir, "src/entry.ts", string(src)+c.tail)
			out := mustBuild(t, builder(t, Options{Dir: dir, Entry: "src/entry.ts", NodeCompat: true, Minify: c.minify, KeepNames: true}))
			e := newEngine(t, out)
			v, err := e.export("default")
			if err != nil {
				t.Fatal(err)
			}
			call, _ := goja.AssertFunction(v)
			_, err = call(goja.Undefined())
			ex, ok := err.(*goja.Exception)
			if !ok {
				t.Fatalf("got %v", err)
			}
			var got []string
			for _, f := range ex.Stack()[:2] {
				p, ok := out.Position(f.Position().Line, f.Position().Column)
				if !ok {
					t.Fatalf("no position for %v", f.Position())
				}
				got = append(got, fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col))
			}
			want := "src/lib/fail.ts:5:11 src/entry.ts:7:74"
			if strings.Join(got, " ") != want {
				t.Errorf("got %v, want %s", got, want)
			}
			if line, ok := out.SourceExcerpt("src/lib/fail.ts", 5); !ok || line != `    throw new Error("boom");` {
				t.Errorf("excerpt %q %v", line, ok)
			}
		})
	}
}

func TestRebuild(t *testing.T) {
	dir := project(t, `
-- index.ts --
import { a } from "./a";
import t from "./t.txt";
export default () => log(a, t);
-- a.ts --
export const a = 1;
-- t.txt --
one`)
	b := builder(t, Options{Dir: dir, Entry: "index.ts"})
	ran := func(out *Bundle) string {
		e := newEngine(t, out)
		e.main(t)
		return strings.TrimSpace(strings.Join(e.log, "\n"))
	}
	first := mustBuild(t, b)
	if got := ran(first); got != "1 one" {
		t.Errorf("first build: %q", got)
	}
	var inputs []string
	for _, f := range first.Inputs {
		inputs = append(inputs, filepath.Base(f))
	}
	if got := strings.Join(inputs, " "); got != "a.ts index.ts t.txt" {
		t.Errorf("inputs: %s", got)
	}
	if again := mustBuild(t, b); again.Hash != first.Hash || !bytes.Equal(again.Script, first.Script) {
		t.Errorf("an unchanged project changed its hash")
	}
	write(t, dir, "t.txt", "two")
	second := mustBuild(t, b)
	if got := ran(second); got != "1 two" || second.Hash == first.Hash {
		t.Errorf("changed text: %q, hash %s", got, second.Hash)
	}
	write(t, dir, "a.ts", "export const a = await 5;")
	if out := mustBuild(t, b); !out.TLA || ran(out) != "5 two" {
		t.Errorf("top-level await not noticed")
	}
	write(t, dir, "a.ts", "export const a = ;")
	if out, list := b.Build(t.Context()); out != nil || !strings.HasPrefix(list.Error(), "a.ts:1:18: error: ") {
		t.Errorf("got %v", list)
	}
	if got := len(b.Inputs()); got != 3 {
		t.Errorf("inputs while broken: %v", b.Inputs())
	}
	write(t, dir, "a.ts", "class A { get = 6 }; export const a = new A().get;")
	if out := mustBuild(t, b); out.TLA || ran(out) != "6 two" {
		t.Errorf("did not recover")
	}
}

func TestBuildEnds(t *testing.T) {
	dir := project(t, "-- index.js --\nexport default 1")
	b := builder(t, Options{Dir: dir, Entry: "index.js"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if out, list := b.Build(ctx); out != nil || list[0].Code != "bundle_cancelled" {
		t.Errorf("cancelled: %v", list)
	}
	mustBuild(t, b)
	b.Dispose()
	if out, list := b.Build(t.Context()); out != nil || list[0].Code != "bundle_closed" {
		t.Errorf("disposed: %v", list)
	}
}

func TestOptions(t *testing.T) {
	dir := project(t, `
-- src/index.js --
import { which } from "dual";
import x from "aliased";
import y from "aliased/sub";
export default () => log(which, x, y, DEFINED.a, navigator.userAgent, process.env.NODE_ENV, (function named() {}).name);
-- src/local.js --
export default "local"
-- node_modules/aliased/sub.js --
export default "sub"
-- node_modules/dual/package.json --
{"name": "dual", "exports": {"custom": "./custom.js", "workerd": "./workerd.js"}}
-- node_modules/dual/custom.js --
export const which = "custom";
-- node_modules/dual/workerd.js --
export const which = "workerd";
`)
	env := map[string]string{"WRANGLER_BUILD_CONDITIONS": "custom", "NODE_ENV": "test"}
	for _, c := range []struct {
		env  map[string]string
		opts Options
		want string
	}{
		{nil, Options{}, "workerd local sub 1 Cloudflare-Workers development named"},
		{env, Options{KeepNames: true, Minify: true}, "custom local sub 1 Cloudflare-Workers test named"},
	} {
		o := c.opts
		o.Dir, o.Entry, o.Navigator = dir, "src/index.js", true
		o.Define = map[string]string{"DEFINED": `{"a": 1}`}
		o.Alias = map[string]string{"aliased": "./src/local.js"}
		o.Getenv = func(k string) string { return c.env[k] }
		b, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		e := newEngine(t, mustBuild(t, b))
		e.main(t)
		b.Dispose()
		if got := strings.Join(e.log, "\n"); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	for _, bad := range []Options{
		{Dir: "rel", Entry: "x"}, {Dir: dir}, {Dir: dir, Entry: "x", Platform: "deno"},
		{Dir: dir, Entry: "x", Rules: []Rule{{Type: "PythonModule"}}},
	} {
		bad.Getenv = noEnv
		if _, err := New(bad); err == nil {
			t.Errorf("New(%+v) succeeded", bad)
		}
	}
	b := builder(t, Options{Dir: dir, Entry: "src/index.js", Define: map[string]string{"A-B": "{"}})
	if out, list := b.Build(t.Context()); out != nil || !list.HasErrors() {
		t.Errorf("bad define accepted")
	}
}

func TestCommand(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		cmd, expect, out, code, want string
	}{
		{"echo built > out.js; echo hi; echo $MODE", "out.js", "hi\nfast\n", "", ""},
		{"echo oops >&2; exit 3", "", "oops\n", "build_command", "exit code 3"},
		{"true", "never.js", "", "build_command_output", "never.js"},
	} {
		var out bytes.Buffer
		cmd := Command{Command: c.cmd, Dir: dir, Output: &out, Env: []string{"MODE=fast"}, Config: "wrangler.jsonc"}
		if c.expect != "" {
			cmd.Expect = filepath.Join(dir, c.expect)
		}
		list := cmd.Run(t.Context())
		if out.String() != c.out {
			t.Errorf("%s printed %q", c.cmd, out.String())
		}
		if c.code == "" {
			if list != nil {
				t.Errorf("%s: %v", c.cmd, list)
			}
			continue
		}
		if len(list) != 1 || list[0].Code != c.code || !strings.Contains(list[0].Message, c.want) {
			t.Errorf("%s: %v", c.cmd, list)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	var out bytes.Buffer
	cmd := Command{Command: "sleep 60 & sleep 60", Dir: dir, Output: &out}
	if list := cmd.Run(ctx); len(list) != 1 || list[0].Code != "build_command_cancelled" {
		t.Errorf("cancelled: %v", list)
	}
}

const small = `
-- index.ts --
import { DurableObject } from "cloudflare:workers";
import { route } from "./route";
export class Room extends DurableObject { async fetch(r: Request) { return new Response(route(r.url)) } }
export default { async fetch(r: Request, env: any) { return env.ROOM.get(env.ROOM.idFromName("x")).fetch(r) } };
-- route.ts --
export const route = (u: string): string => new URL(u).pathname.split("/").filter(Boolean).join("-");
`

func BenchmarkFirstBuild(b *testing.B) {
	dir := project(b, small)
	for b.Loop() {
		bl, err := New(Options{Dir: dir, Entry: "index.ts", Getenv: noEnv})
		if err != nil {
			b.Fatal(err)
		}
		mustBuild(b, bl)
		bl.Dispose()
	}
}

func BenchmarkRebuild(b *testing.B) {
	dir := project(b, small)
	bl := builder(b, Options{Dir: dir, Entry: "index.ts"})
	for i := 0; b.Loop(); i++ {
		write(b, dir, "route.ts", fmt.Sprintf("export const route = (u: string) => u + %d", i))
		mustBuild(b, bl)
	}
}
