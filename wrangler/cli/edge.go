package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/miniworker/miniworker/runtime/server"
	"github.com/miniworker/miniworker/wrangler/dev"
)

// edgeFlags are the flags of dev about TLS, the proxy and the network.
type edgeFlags struct {
	origins                  []string
	offline, proxy, proxyAll bool
	protocol, key, cert      string
}

func (f *edgeFlags) declare(fl *pflag.FlagSet) {
	fl.StringArrayVar(&f.origins, "origin", nil, "server behind a hostname as HOST=URL; HOST may begin with *.; repeatable")
	fl.BoolVar(&f.offline, "offline", false, "keep workers from the network; --origin and this machine still work")
	fl.BoolVar(&f.proxy, "proxy", false, "be an HTTP proxy for the project's hostnames, with a PAC file at "+server.PACPath)
	fl.BoolVar(&f.proxyAll, "proxy-all", false, "as --proxy, and carry all other hosts to the network")
	fl.StringVar(&f.protocol, "local-protocol", "", "scheme of the address shown, http or https; the port speaks both (default http)")
	fl.StringVar(&f.cert, "https-cert-path", "", "certificate to use for https, as PEM")
	fl.StringVar(&f.key, "https-key-path", "", "key of that certificate")
}

func (f *edgeFlags) apply(o *dev.Options) error {
	e := dev.Edge{Offline: f.offline, Proxy: f.proxy || f.proxyAll, ProxyAll: f.proxyAll, CertPath: f.cert, KeyPath: f.key}
	for _, text := range f.origins {
		if e.Origins == nil {
			e.Origins = server.Origins{}
		}
		if err := e.Origins.Add(text); err != nil {
			return fmt.Errorf("--%w", err)
		}
	}
	switch f.protocol {
	case "", "http":
	case "https":
		e.HTTPS = true
	default:
		return fmt.Errorf("--local-protocol %s: use http or https", f.protocol)
	}
	if (f.cert == "") != (f.key == "") {
		return errors.New("--https-cert-path and --https-key-path go together")
	}
	o.Edge = e
	return nil
}
