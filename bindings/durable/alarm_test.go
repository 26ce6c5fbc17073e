package durable

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const alarms = `
class Obj extends DurableObject {
	async fetch(request) {
		const url = new URL(request.url), st = this.ctx.storage, [what, arg] = url.search.slice(1).split("=");
		switch (what) {
		case "in": await st.setAlarm(Date.now() + 1000 * arg); return new Response("set");
		case "fail": await st.put("fail", Number(arg)); return new Response("ok");
		case "get": { const at = await st.getAlarm(); return new Response(at === null ? "none" : String((at - 1.8e12) / 1000)); }
		case "abandon": try { await st.transaction(async t => { await t.setAlarm(Date.now() + 1000); throw 1; }); } catch {} return new Response("ok");
		}
		return new Response(((await st.get("log")) ?? []).join(" "));
	}
	async alarm(info) {
		const st = this.ctx.storage, log = (await st.get("log")) ?? [], fail = (await st.get("fail")) ?? 0;
		log.push((Date.now() - 1.8e12) / 1000 + ":" + info.retryCount + (info.isRetry ? "r" : "") + ((await st.getAlarm()) ?? "") + (this.ctx.id.name ?? "?"));
		await st.put("log", log);
		if (fail === -1) await st.setAlarm(Date.now() + 5000);
		if (fail > 0) { await st.put("fail", fail - 1); throw new Error("alarm boom"); }
	}
}` + forward

// alarmProject lets alarms that fall due run before time moves on.
type alarmProject struct{ *project }

func (p alarmProject) advance(d time.Duration) {
	for range int(d / (500 * time.Millisecond)) {
		p.clock.Advance(500 * time.Millisecond)
		p.settle(func() bool {
			return p.namespace("Obj").Leases(p.namespace("Obj").FromName("a")) == 0 && p.namespace("Obj").Idle()
		})
	}
}

func TestAlarm(t *testing.T) {
	p := alarmProject{newProject(t, t.TempDir())}
	p.load("w", alarms, "Obj")
	p.want("/a/?in=10", "set")
	p.want("/a/?get", "10")
	p.advance(9 * time.Second)
	p.want("/a/", "")
	p.advance(2 * time.Second)
	p.want("/a/", "10:0a")
	p.want("/a/?get", "none")
	p.advance(time.Hour)
	p.want("/a/", "10:0a")
}

func TestAlarmReplaced(t *testing.T) {
	p := alarmProject{newProject(t, t.TempDir())}
	p.load("w", alarms, "Obj")
	p.want("/a/?in=10", "set")
	p.want("/a/?in=2", "set")
	p.want("/a/?abandon", "ok")
	p.want("/a/?get", "2")
	p.advance(20 * time.Second)
	p.want("/a/", "2:0a")
}

func TestAlarmRetries(t *testing.T) {
	p := alarmProject{newProject(t, t.TempDir())}
	p.load("w", alarms, "Obj")
	p.want("/a/?fail=100", "ok")
	p.want("/a/?in=1", "set")
	p.advance(300 * time.Second)
	p.want("/a/", "1:0a 3:1ra 7:2ra 15:3ra 31:4ra 63:5ra 127:6ra")
	p.want("/a/?get", "none")
}

func TestAlarmSetsNext(t *testing.T) {
	p := alarmProject{newProject(t, t.TempDir())}
	p.load("w", alarms, "Obj")
	p.want("/a/?fail=-1", "ok")
	p.want("/a/?in=1", "set")
	p.advance(12 * time.Second)
	p.want("/a/", "1:0a 6:0a 11:0a")
}

// An alarm survives reload, eviction and the end of the session, and one that
// fell due meanwhile runs on start.
func TestAlarmSurvives(t *testing.T) {
	dir := t.TempDir()
	p := alarmProject{newProject(t, dir)}
	p.load("w", alarms, "Obj")
	p.want("/a/?in=100", "set")
	p.load("w", alarms, "Obj")
	p.advance(90 * time.Second)
	p.close()

	p = alarmProject{newProject(t, dir)}
	p.clock.Set(time.Unix(1_800_000_000+500, 0))
	p.load("w", alarms, "Obj")
	p.clock.Advance(0)
	p.settle(func() bool { return p.get("/a/") == "500:0a" })
}

func TestAlarmOnDemand(t *testing.T) {
	p := alarmProject{newProject(t, t.TempDir())}
	p.load("w", alarms, "Obj")
	ns := p.namespace("Obj")
	if ns.RunAlarm(ns.FromName("a")) {
		t.Error("there was no alarm to run")
	}
	p.want("/b/?in=20", "set")
	p.want("/a/?in=10", "set")
	var names []string
	for _, a := range ns.Alarms() {
		names = append(names, fmt.Sprint(a.ID.Name, a.At.Unix()-1_800_000_000))
	}
	if got := strings.Join(names, " "); got != "a10 b20" {
		t.Error(got)
	}
	if !ns.RunAlarm(ns.FromName("a")) {
		t.Error("there was an alarm to run")
	}
	p.settle(func() bool { return p.get("/a/") == "0:0a" })
	p.want("/a/?get", "none")
}
