//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// The test-suite scenario: 300 tests in 30 files over the two workers of
// examples/share, cold, with miniworker test and with Cloudflare's plugin for
// Vitest.

const suiteFiles = 30

// suiteFile is one of the files: ten tests, of which most go through a worker
// and its storage.
const suiteFile = `import { env, SELF } from "cloudflare:test";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { isShareId, newShareId, parseClientMessage } from "../packages/shared/protocol";

const api = "https://share.example.com/api";
const post = (content: string) =>
  env.SESSIONS.fetch(api + "/share", { method: "POST", headers: { "Content-Type": "text/plain" }, body: content });

describe("shares %[1]d", () => {
  let id: string;

  beforeEach(async () => {
    const response = await post("file %[1]d\ntext");
    expect(response.status).toBe(201);
    ({ id } = (await response.json()) as { id: string });
  });

  it("has an id", () => { expect(isShareId(id)).toBe(true); });
  it("can be read", async () => {
    const share = await (await SELF.fetch(api + "/share/" + id)).json();
    expect(share).toMatchObject({ id, title: "file %[1]d", content: "file %[1]d\ntext", seq: 1 });
  });
  it("has metadata", async () => {
    const response = await SELF.fetch(api + "/share/" + id + "/metadata");
    expect(await response.json()).toEqual(expect.objectContaining({ id, seq: 1, bytes: expect.any(Number) }));
  });
  it("is listed", async () => {
    const { sessions } = (await (await SELF.fetch(api + "/sessions")).json()) as { sessions: { id: string }[] };
    expect(sessions.map((s) => s.id)).toContain(id);
  });
  it("is revalidated", async () => {
    const first = await SELF.fetch(api + "/share/" + id);
    await first.text();
    const again = await SELF.fetch(api + "/share/" + id, { headers: { "If-None-Match": first.headers.get("ETag")! } });
    expect(again.status).toBe(304);
  });
  it("refuses what it cannot read", async () => {
    const response = await SELF.fetch(api + "/share", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{" });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "invalid_json" } });
  });
});

describe("functions %[1]d", () => {
  it("makes ids", () => {
    const ids = Array.from({ length: 50 }, newShareId);
    expect(new Set(ids).size).toBe(50);
    expect(ids.every(isShareId)).toBe(true);
  });
  it("reads messages", () => {
    expect(parseClientMessage("{")).toBeNull();
    expect(parseClientMessage(JSON.stringify({ type: "edit", content: "a", base: 3 }))).toEqual({ type: "edit", content: "a", base: 3 });
  });
  it("keeps the time", () => {
    vi.useFakeTimers();
    const done = vi.fn();
    setTimeout(done, 60_000);
    vi.advanceTimersByTime(60_000);
    expect(done).toHaveBeenCalledOnce();
    vi.useRealTimers();
  });
  it("knows no other paths", async () => {
    expect((await SELF.fetch(api + "/nothing")).status).toBe(404);
  });
});
`

// pluginConfig is the same project for Cloudflare's plugin. The second worker
// has to be bundled before.
const pluginConfig = `import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [cloudflareTest({
    wrangler: { configPath: "./packages/web/wrangler.jsonc" },
    miniflare: {
      workers: [{
        name: "sessions", modules: true, scriptPath: "./sessions.js", compatibilityDate: "2026-03-01", r2Buckets: { STORE: "share-documents" },
      }],
    },
  })],
  test: { dir: "./suite" },
});
`

// testSuites measures whole runs, taking turns.
func (b *suite) testSuites(ctx context.Context) error {
	const key = "test-suite"
	if !b.wants(key) {
		return nil
	}
	dir := filepath.Join(b.work, key)
	if err := b.writeSuite(dir); err != nil {
		return err
	}
	mine := &tool{name: "miniworker"}
	runs := []struct {
		tool *tool
		cmd  func() *exec.Cmd
	}{{mine, func() *exec.Cmd {
		return exec.CommandContext(ctx, b.binary, "test", "--cwd", dir, "-c", "packages/web/wrangler.jsonc", "-c", "packages/sessions/wrangler.jsonc", "suite/")
	}}}
	if b.plugin != "" {
		plugin, err := b.preparePlugin(ctx, dir)
		if err != nil {
			b.report.note("%s: vitest-plugin: %v", key, err)
		} else {
			runs = append(runs, struct {
				tool *tool
				cmd  func() *exec.Cmd
			}{&tool{name: "vitest-plugin"}, plugin})
			b.report.tools = append(b.report.tools, &tool{name: "vitest-plugin"})
		}
	}
	for range b.runs {
		for _, r := range runs {
			cmd := r.cmd()
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			begin := time.Now()
			err := cmd.Run()
			took := time.Since(begin)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil || !bytes.Contains(out.Bytes(), fmt.Appendf(nil, "%d passed", suiteFiles*10)) {
				b.report.failed(key, r.tool, fmt.Errorf("%v: %s", err, tail(out.String())))
				continue
			}
			b.report.add(key, "whole run ms", r.tool, ms(took))
			b.report.add(key, "CPU ms", r.tool, ms(cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()))
		}
	}
	return nil
}

func tail(s string) string { return s[max(0, len(s)-2000):] }

func (b *suite) writeSuite(dir string) error {
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("examples", "share"))); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, "suite"), 0o755); err != nil {
		return err
	}
	for i := range suiteFiles {
		name := filepath.Join(dir, "suite", fmt.Sprintf("share%02d.test.ts", i))
		if err := os.WriteFile(name, fmt.Appendf(nil, suiteFile, i), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// preparePlugin makes dir a project of the plugin's, with the packages of the
// folder that -vitest names.
func (b *suite) preparePlugin(ctx context.Context, dir string) (func() *exec.Cmd, error) {
	if err := os.Symlink(filepath.Join(b.plugin, "node_modules"), filepath.Join(dir, "node_modules")); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "vitest.config.mjs"), []byte(pluginConfig), 0o644); err != nil {
		return nil, err
	}
	bundle := exec.CommandContext(ctx, filepath.Join(b.plugin, "node_modules", ".bin", "esbuild"), "packages/sessions/src/index.ts", "--bundle", "--format=esm", "--outfile=sessions.js")
	bundle.Dir = dir
	if out, err := bundle.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("bundling the second worker: %w: %s", err, out)
	}
	return func() *exec.Cmd {
		cmd := exec.CommandContext(ctx, filepath.Join(b.plugin, "node_modules", ".bin", "vitest"), "run")
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "CI=1", "NO_COLOR=1", "WRANGLER_SEND_METRICS=false", "CLOUDFLARE_CF_FETCH_ENABLED=false")
		return cmd
	}, nil
}
