package ratelimit

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/miniworker/miniworker/bindings"
	"github.com/miniworker/miniworker/internal/clock"
	"github.com/miniworker/miniworker/internal/testworker"
	"github.com/miniworker/miniworker/runtime/api/all"
	"github.com/miniworker/miniworker/runtime/jsg"
	"github.com/miniworker/miniworker/wrangler/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestWindows(t *testing.T) {
	c := clock.NewFake(time.Unix(119, 0))
	l := NewLimiter(c)
	take := func(key string, period time.Duration, delta float64) bool { return l.Take(key, 2, period, delta) }
	for i, got := range []bool{take("a", time.Minute, 1), take("a", time.Minute, 1), !take("a", time.Minute, 1), take("b", time.Minute, 5), !take("b", time.Minute, 1)} {
		if !got {
			t.Error(i)
		}
	}
	c.Advance(time.Second) // a new minute, and a new window of ten seconds
	if !take("a", time.Minute, 1) || !take("a", 10*time.Second, 2) || take("a", 10*time.Second, 1) {
		t.Error("after the window")
	}
	c.Advance(10 * time.Second)
	if !take("a", 10*time.Second, 1) || !take("a", time.Minute, 1) || take("a", time.Minute, 1) {
		t.Error("the windows of two lengths are not apart")
	}
}

// The texts were seen on wrangler 4.164.
func TestBinding(t *testing.T) {
	s := &bindings.Session{Clock: clock.NewFake(time.Unix(1000, 0))}
	b := bindings.NewBuilder(s, "w")
	if err := Kind.Bind(&config.Config{Ratelimits: []config.Ratelimit{
		{Name: "A", NamespaceID: "1", Limit: 2, Period: 60}, {Name: "SAME", NamespaceID: "1", Limit: 2, Period: 60}, {Name: "OTHER", NamespaceID: "2", Limit: 2, Period: 60},
	}}, b); err != nil {
		t.Fatal(err)
	}
	env, _ := b.Result()
	testworker.RunSource(t, "ratelimit.js", `async function limits() {
		assert.equal(await A.limit({ key: "a" }), { success: true });
		assert.equal(await SAME.limit({ key: "a" }), { success: true });
		assert.equal(await A.limit({ key: "a" }), { success: false });
		assert.equal(await A.limit({ key: "a", limit: 3 }), { success: true });
		assert.equal(await A.limit({ key: "a", period: 10 }), { success: true });
		assert.equal(await OTHER.limit({ key: "a" }), { success: true });
		assert.equal(await A.limit({}), { success: true });
		for (const [o, message] of [
			[undefined, "Error: invalid rate limit options"], ["x", "Error: invalid rate limit options"], [null, "Error: invalid rate limit options"],
			[{ key: "a", foo: 1, bar: 2 }, "Error: bad rate limit options: [foo,bar]"], [{ key: 5 }, "Error: invalid key: 5"],
			[{ period: 30 }, "Error: unsupported period: 30"], [{ limit: "1" }, "Error: limit must be a number: 1"],
			[{ delta: 0.5 }, "RangeError: delta must be non-zero"], [{ delta: -1 }, "TypeError: The value cannot be converted because it is negative"],
			[{ delta: "x" }, "TypeError: The value cannot be converted because it is not an integer."],
			[{ delta: 1e12 }, "TypeError: Value out of range. Must be less than or equal to 4294967295."],
		]) await assert.throws(() => A.limit(o), message);
	}`, testworker.Options{Install: []testworker.Install{all.Install, func(js *jsg.Scope) {
		for _, e := range env {
			v, err := e.Make(js)
			if err != nil {
				t.Fatal(err)
			}
			js.Define(js.Global(), e.Name, v)
		}
	}}})
}
