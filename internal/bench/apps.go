//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

// app is a project as the tools start it.
type app struct {
	name string
	// configs are the folders of the workers, the one that answers first.
	configs []string
	dir     string
	// ready is a path that answers 200 once the app runs.
	ready string
	// edit is the file an edit goes to, and the text in it that changes.
	edit, text string
	// seen is the path where the edit shows.
	seen string
}

// assetSize is the size of the asset scenario's file.
const assetSize = 100 << 10

// copyApps puts the applications where they may be edited, and makes what is
// not worth checking in.
func copyApps(from, to, peers string) (map[string]*app, error) {
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return nil, fmt.Errorf("copying the applications (run from the repository's root): %w", err)
	}
	line := []byte("// The quick brown fox jumps over the lazy dog, again and again.\n")
	asset := bytes.Repeat(line, assetSize/len(line)+1)[:assetSize]
	if err := os.WriteFile(filepath.Join(to, "share", "web", "public", "asset.js"), asset, 0o644); err != nil {
		return nil, err
	}
	apps := map[string]*app{}
	add := func(a *app) { apps[a.name] = a }
	add(&app{name: "hello", configs: []string{"."}, dir: filepath.Join(to, "hello"), ready: "/", edit: "index.js", text: "Hello World!", seen: "/"})
	add(&app{name: "share", configs: []string{"web", "sessions"}, dir: filepath.Join(to, "share"), ready: "/api/hop", edit: "sessions/index.js", text: "Hello World!", seen: "/api/hop"})
	add(&app{name: "sessions", configs: []string{"sessions"}, dir: filepath.Join(to, "share"), ready: "/api/hop"})
	add(&app{name: "cpu", configs: []string{"."}, dir: filepath.Join(to, "cpu"), edit: "index.js", ready: "/checksum"})
	add(&app{name: "bindings", configs: []string{"front", "back"}, dir: filepath.Join(to, "bindings"), ready: "/ready"})
	hono := filepath.Join(peers, "node_modules", "hono")
	if _, err := os.Stat(hono); peers != "" && err == nil {
		dir := filepath.Join(to, "hono")
		if err := os.CopyFS(filepath.Join(dir, "node_modules", "hono"), os.DirFS(hono)); err != nil {
			return nil, err
		}
		add(&app{name: "hono", configs: []string{"."}, dir: dir, ready: "/users"})
	}
	return apps, nil
}
