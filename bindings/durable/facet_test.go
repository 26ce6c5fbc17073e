package durable

import (
	"os"
	"path/filepath"
	"testing"
)

const faceted = `
class Child extends DurableObject {
	n = 0;
	count() { return ++this.n; }
	put(v) { return this.ctx.storage.put("k", v); }
	get() { return this.ctx.storage.get("k"); }
	nested() { return this.ctx.facets.get("inner", () => ({ class: this.ctx.exports.Child })).put(7); }
	never() { return new Promise(() => {}); }
}
class Parent extends DurableObject {
	async fetch(request) {
		const get = (name) => this.ctx.facets.get(name, () => ({ class: this.ctx.exports.Child }));
		try {
			switch (new URL(request.url).pathname) {
			case "/count": return new Response(await get("a").count());
			case "/put": await this.ctx.storage.put("own", 1); await get("a").put(5); await get("a").nested(); return new Response("ok");
			case "/get": return new Response(String(await get("a").get()));
			case "/delete": this.ctx.facets.delete("a"); return new Response("ok");
			case "/deleteAll": await this.ctx.storage.deleteAll(); return new Response("ok");
			case "/hang": { const p = get("a").never(); await get("a").count(); this.ctx.facets.abort("a", new RangeError("enough")); await p; }
			case "/starting": { const p = this.ctx.facets.get("late", () => new Promise(() => {})).count(); await get("a").count(); this.ctx.facets.abort("late", "too late"); await p; }
			}
		} catch (e) { return new Response(e.name + ": " + e.message); }
	}
}
const worker = { fetch(request, env) { return env.PARENT.getByName("p").fetch(request); } };`

// facetFiles is how many databases of facets there are.
func facetFiles(t *testing.T, dir string) (n int) {
	t.Helper()
	noError(t, filepath.WalkDir(filepath.Join(dir, "do"), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) == ".sqlite" && filepath.Ext(filepath.Dir(path)) == facetsSuffix {
			n++
		}
		return err
	}))
	return n
}

func TestFacets(t *testing.T) {
	dir := t.TempDir()
	p := newProject(t, dir)
	p.load("w", faceted, "Parent", "Child")
	p.want("/count", "1")
	p.want("/count", "2")
	p.want("/put", "ok")
	p.load("w", faceted, "Parent", "Child")
	p.want("/count", "1") // a reload ends facets with their object
	p.want("/get", "5")
	p.want("/hang", "RangeError: enough")
	p.want("/starting", "Error: too late")
	p.want("/get", "5")
	p.close()

	p = newProject(t, dir)
	p.load("w", faceted, "Parent", "Child")
	p.want("/get", "5")
	if n := facetFiles(t, dir); n != 2 {
		t.Errorf("%d databases of facets, want that of the facet and that of its own", n)
	}
	p.want("/delete", "ok")
	if n := facetFiles(t, dir); n != 0 {
		t.Errorf("%d databases are left of a deleted facet", n)
	}
	p.want("/get", "undefined")
	p.want("/put", "ok")
	p.want("/deleteAll", "ok")
	if n := facetFiles(t, dir); n != 0 {
		t.Errorf("%d databases are left after deleteAll", n)
	}
	p.want("/get", "undefined")
}
