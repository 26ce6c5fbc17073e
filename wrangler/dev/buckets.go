package dev

import (
	"net/http"
	"slices"
	"strings"

	"github.com/miniworker/miniworker/bindings/r2"
	"github.com/miniworker/miniworker/bindings/r2/s3"
	"github.com/miniworker/miniworker/wrangler/config"
	"github.com/miniworker/miniworker/wrangler/explorer"
)

// bucket is an R2 bucket that a worker of the project binds, with the
// credentials that any of its bindings gives.
func (s *Session) bucket(name string) (b s3.Bucket, ok bool) {
	p := s.current()
	if p == nil {
		return b, false
	}
	s.eachBucket(func(c config.R2Bucket) {
		ok = ok || c.Bucket == name
		if c.Bucket == name && c.S3 != nil {
			if b.Secrets == nil {
				b.Secrets = map[string]string{}
			}
			b.Secrets[c.S3.AccessKeyID] = c.S3.SecretAccessKey
		}
	})
	if !ok {
		return b, false
	}
	store, err := r2.SharedBucket(p.Session(), name)
	b.Store = store
	return b, err == nil
}

func (s *Session) eachBucket(f func(config.R2Bucket)) {
	if p := s.current(); p != nil {
		for _, m := range p.Members() {
			for _, c := range m.Config.R2Buckets {
				f(c)
			}
		}
	}
}

func (s *Session) bucketNames() []string {
	var names []string
	s.eachBucket(func(c config.R2Bucket) { names = append(names, c.Bucket) })
	slices.Sort(names)
	return slices.Compact(names)
}

// objects answers for the S3 interface of buckets, for public buckets and for the
// explorer, nil for other requests. Paths of objects may look like anything, so they do not
// go through a ServeMux, which cleans paths.
func (s *Session) objects(r *http.Request) http.Handler {
	switch {
	case s3.Claims(r):
		return &s3.Server{Bucket: s.bucket, Names: s.bucketNames, Clock: s.opts.Clock}
	case strings.HasPrefix(r.URL.Path, s3.PublicPrefix):
		return &s3.Public{Bucket: s.bucket}
	case r.URL.Path == explorerPath || strings.HasPrefix(r.URL.Path, explorerPath+"/"):
		p := s.current()
		switch {
		case p == nil:
			return nil
		case strings.HasPrefix(r.URL.Path, explorer.Prefix):
			return explorerAPI(p)
		}
		return s.explorer(p)
	}
	return nil
}
