//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/miniworker/miniworker/internal/oracle"
)

// server is a tool serving an app.
type server struct {
	tool *tool
	app  *app
	cmd  *exec.Cmd
	addr string
	out  bytes.Buffer
	// started is when the process was spawned; coldStart how long the first
	// answer took, and coldCPU what the process tree had used by then.
	started   time.Time
	coldStart time.Duration
	coldCPU   time.Duration
}

// startTimeout bounds a cold start.
const startTimeout = 30 * time.Second

// start spawns t and waits for the first good answer.
func start(t *tool, a *app, work string) (*server, error) {
	ports, err := oracle.FreePorts(1)
	if err != nil {
		return nil, err
	}
	port := ports[0]
	dir, err := os.MkdirTemp(work, t.name+"-")
	if err != nil {
		return nil, err
	}
	s := &server{tool: t, app: a, addr: "127.0.0.1:" + strconv.Itoa(port)}
	if s.cmd, err = t.command(a, port, dir); err != nil {
		return nil, err
	}
	s.cmd.Stdout, s.cmd.Stderr = &s.out, &s.out
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	s.started = time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	for {
		status, _, err := get(s.addr, a.ready, time.Until(s.started.Add(startTimeout)))
		if err == nil && status == 200 {
			break
		}
		if time.Since(s.started) > startTimeout {
			s.stop()
			return nil, fmt.Errorf("%s does not serve %s (status %d, %v): %s", t.name, a.name, status, err, firstLine(s.out.String()))
		}
		time.Sleep(500 * time.Microsecond)
	}
	s.coldStart = time.Since(s.started)
	s.coldCPU = s.cpu()
	return s, nil
}

// stop ends the process group.
func (s *server) stop() {
	syscall.Kill(-s.cmd.Process.Pid, syscall.SIGTERM)
	done := make(chan struct{})
	go func() { s.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(3 * time.Second):
	}
	syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
	<-done
}

// tree lists the process and its descendants.
func (s *server) tree() []int {
	children := map[int][]int{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		f := statFields(path)
		if len(f) < 2 {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		parent, _ := strconv.Atoi(f[1])
		children[parent] = append(children[parent], pid)
	}
	list := []int{s.cmd.Process.Pid}
	for i := 0; i < len(list); i++ {
		list = append(list, children[list[i]]...)
	}
	slices.Sort(list)
	return list
}

// statFields are the fields of a stat file after the command's name.
func statFields(path string) []string {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	i := bytes.LastIndexByte(data, ')')
	return strings.Fields(string(data[i+1:]))
}

// tick is the unit of the times in stat files.
const tick = 10 * time.Millisecond

// cpu is the processor time the tree has used, children that ended included.
func (s *server) cpu() time.Duration {
	var total int
	for _, pid := range s.tree() {
		f := statFields(fmt.Sprintf("/proc/%d/stat", pid))
		if len(f) < 15 {
			continue
		}
		for _, v := range f[11:15] {
			n, _ := strconv.Atoi(v)
			total += n
		}
	}
	return time.Duration(total) * tick
}

// memory is the resident and the proportional size of the tree in MB.
func (s *server) memory() (rss, pss float64) {
	for _, pid := range s.tree() {
		data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
		for line := range strings.Lines(string(data)) {
			f := strings.Fields(line)
			if len(f) < 2 {
				continue
			}
			kb, _ := strconv.ParseFloat(f[1], 64)
			switch f[0] {
			case "Rss:":
				rss += kb / 1024
			case "Pss:":
				pss += kb / 1024
			}
		}
	}
	return rss, pss
}

// peak samples the resident size of the tree until the returned function is
// called, which gives how far it rose above where it began, in MB.
func (s *server) peak() func() float64 {
	pids := s.tree()
	page := float64(os.Getpagesize()) / (1 << 20)
	resident := func() (mb float64) {
		for _, pid := range pids {
			data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
			if f := strings.Fields(string(data)); len(f) > 1 {
				n, _ := strconv.ParseFloat(f[1], 64)
				mb += n * page
			}
		}
		return mb
	}
	begin := resident()
	highest := begin
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case <-time.After(50 * time.Millisecond):
				highest = max(highest, resident())
			}
		}
	}()
	return func() float64 { close(stop); <-done; return highest - begin }
}

// ownCPU is what the generator itself has used.
func ownCPU() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
