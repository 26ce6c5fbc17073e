package jsg

// jobFrames are the async frames under which the queued microtasks were
// queued. The engine tells us those of promise reactions; the job that calls the
// then method of an object has none, and which jobs those are it does not say.
// Jobs are queued in order, so it is enough to look how many there are whenever
// the frame changes.
type jobFrames struct {
	list, spare []any
}

func (f *jobFrames) reset() {
	clear(f.list)
	f.list = f.list[:0]
}

// note puts down the frame of now for the jobs queued since the last time.
func (f *jobFrames) note(queued int, frame any) {
	for len(f.list) < queued {
		f.list = append(f.list, frame)
	}
}

// take gives the frames of all jobs noted, and starts anew.
func (f *jobFrames) take() []any {
	taken := f.list
	f.list, f.spare = f.spare[:0], nil
	return taken
}

// giveBack returns what take gave.
func (f *jobFrames) giveBack(taken []any) {
	clear(taken)
	f.spare = taken[:0]
}

// setFrame changes the async frame.
func (js *Scope) setFrame(frame any) {
	if js.frame == frame {
		return
	}
	js.jobFrames.note(len(*js.jobs()), js.frame)
	js.frame = frame
}

// frameTracker carries the async frame through promise reactions.
type frameTracker Scope

func (t *frameTracker) Grab() any { return t.frame }
func (t *frameTracker) Resumed(grab any) {
	if grab != sameFrame {
		(*Scope)(t).setFrame(grab)
	}
}

// sameFrame is grabbed where a reaction has no frame of its own.
var sameFrame any = new(int)

// Exited leaves the frame as it is: drain sets that of the next job.
func (t *frameTracker) Exited() {}
