package durable

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/miniworker/miniworker/internal/crashtest"
)

// facetCounter counts in a facet, and beside it in the object.
const facetCounter = `
class Log extends DurableObject {
	async count() { const n = ((await this.ctx.storage.get("n")) ?? 0) + 1; await this.ctx.storage.put("n", n); return n; }
}
class Counter extends DurableObject {
	async fetch() {
		await this.ctx.storage.put("own", (await this.ctx.storage.get("own") ?? 0) + 1);
		return new Response(String(await this.ctx.facets.get("log", () => ({ class: this.ctx.exports.Log })).count()));
	}
}` + counterWorker

// TestKilled kills a process in the middle of its writes, several times over
// the same storage: what was answered is there, and nothing is counted twice.
func TestKilled(t *testing.T) {
	t.Run("object", func(t *testing.T) { killed(t, counter, "Counter") })
	t.Run("facet", func(t *testing.T) { killed(t, facetCounter, "Counter", "Log") })
}

func killed(t *testing.T, code string, classes ...string) {
	last := 0
	crashtest.Run(t, 10, func(dir string, _ int, ack func(string)) error {
		p := newProject(t, dir)
		p.load("w", code, classes...)
		for {
			ack(p.get("/a"))
		}
	}, func(_ string, round int, acked []string) {
		for i, text := range acked {
			n, err := strconv.Atoi(text)
			// One that was committed and not answered may lie between two rounds.
			if err != nil || n != last+1 && (i > 0 || n != last+2) {
				t.Fatalf("round %d: %q after %d", round, text, last)
			}
			last = n
		}
	})
}

// killedAlarms writes a number with its alarm, which copies it.
const killedAlarms = `
class Obj extends DurableObject {
	async fetch(request) {
		const st = this.ctx.storage, n = new URL(request.url).searchParams.get("set");
		if (n) {
			await st.put("set", n);
			await st.setAlarm(Date.now() + 1000);
			return new Response("set");
		}
		return new Response(await st.get("set") + " " + await st.get("rung") + " " + await st.get("runs") + " " + await st.getAlarm());
	}
	async alarm() {
		const st = this.ctx.storage, runs = await st.get("runs") ?? 0;
		await st.put("rung", await st.get("set"));
		await st.put("runs", runs + 1);
	}
}` + forward

// TestKilledAlarms kills a process while alarms are set, replaced and run: each
// one that was set before, runs in the process after.
func TestKilledAlarms(t *testing.T) {
	acked := map[string]int{}
	crashtest.Run(t, 50, func(dir string, round int, ack func(string)) error {
		p := newProject(t, dir)
		p.load("w", killedAlarms, "Obj")
		for i := round*1_000_000 + 1; ; i++ {
			object := strconv.Itoa(i % 3)
			if got := p.get(fmt.Sprintf("/%s/?set=%d", object, i)); got != "set" {
				return fmt.Errorf("set: %s", got)
			}
			ack(object + " " + strconv.Itoa(i))
			if i%5 == 0 {
				p.clock.Advance(time.Second) // alarms run among the next writes
			}
		}
	}, func(dir string, round int, lines []string) {
		for _, l := range lines {
			object, n, _ := strings.Cut(l, " ")
			acked[object], _ = strconv.Atoi(n)
		}
		p := newProject(t, dir)
		p.load("w", killedAlarms, "Obj")
		p.clock.Advance(time.Hour)
		for object, n := range acked {
			var set, rung, runs int
			var alarm string
			p.settle(func() bool {
				fmt.Sscan(p.get("/"+object+"/"), &set, &rung, &runs, &alarm)
				return alarm == "null"
			})
			if set < n || rung != set || runs == 0 {
				t.Errorf("round %d: alarm %d was set in object %s; there is %d, and after %d runs the last is of %d", round, n, object, set, runs, rung)
			}
		}
		p.close()
	})
}
