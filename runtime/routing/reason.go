package routing

import (
	"fmt"
	"strings"
)

// refine names the rule a person wants to hear. Match knows only the stage
// that decided; here a nearer cause goes first: a better pattern that missed
// by a query string says more than "the next one won".
func (t *Table) refine(q query, m Match, matched []*entry, d *domain, misses []NearMiss) string {
	switch {
	case m.Via == ViaRoute:
		if n := decisiveMiss(misses, m, matched[0]); n != nil {
			return n.Rule
		}
		if len(matched) > 1 {
			rule := decidingRule(&matched[0].Pattern, &matched[1].Pattern)
			if rule == "R31" && orderIsMixed(matched) {
				return "R38"
			}
			return rule
		}
		if d != nil {
			return "R41"
		}
		return soleRule(q, matched[0])
	case m.Via == ViaCustomDomain && m.Rule == "R40":
		if n := decisiveMiss(misses, m, nil); n != nil {
			return n.Rule
		}
	case m.Rule == "R5" && len(misses) > 0:
		return misses[0].Rule
	case m.Outcome == None && len(misses) > 0:
		return misses[0].Rule
	}
	return m.Rule
}

// decisiveMiss returns the best-ranked route of the zone that would have won
// but for a small difference.
func decisiveMiss(misses []NearMiss, m Match, winner *entry) *NearMiss {
	var best *NearMiss
	for i := range misses {
		n := &misses[i]
		if n.entry == nil || !n.kind.decisive() || n.entry.zone.name != m.Zone {
			continue
		}
		if winner != nil && winner.Pattern.Compare(&n.entry.Pattern) < 0 {
			continue
		}
		if best == nil || n.entry.Pattern.Compare(&best.entry.Pattern) < 0 {
			best = n
		}
	}
	return best
}

// orderIsMixed reports that the matching routes are declared neither best
// first nor best last, so neither "the first wins" nor "the last wins" would
// explain the order.
func orderIsMixed(matched []*entry) bool {
	up, down := true, true
	for i := 1; i < len(matched); i++ {
		if matched[i].order > matched[i-1].order {
			down = false
		} else {
			up = false
		}
	}
	return !up && !down
}

// soleRule names what is remarkable about the only route that matched.
func soleRule(q query, e *entry) string {
	switch p := &e.Pattern; {
	case q.port != "":
		return "R19"
	case p.hostUnicode:
		return "R20"
	case p.hostUpper:
		return "R16"
	case p.Kind == HostAny:
		return "R22"
	case p.Scheme != "" || q.scheme == 0:
		return "R11"
	case p.Kind != HostExact:
		return "R12"
	case p.BareHost:
		return "R10"
	}
	return "R13"
}

// reason is one sentence for a person, then the rule behind it.
func reason(rule string, q query, m Match, matched []*entry, d *domain, misses []NearMiss) string {
	var b strings.Builder
	switch {
	case m.Via == ViaRoute:
		w := matched[0]
		fmt.Fprintf(&b, "Worker %q runs by its route %s", m.Worker, m.Pattern)
		if n := decisiveMiss(misses, m, w); n != nil {
			fmt.Fprintf(&b, "; %s would come first, but %s", n.Pattern, n.Why)
		} else if len(matched) > 1 {
			_, why := whyLost(w, matched[1])
			fmt.Fprintf(&b, "; next is %s: %s", matched[1].Pattern.Text, why)
		} else if d != nil {
			fmt.Fprintf(&b, ", before the custom domain of Worker %q", d.worker)
		}
	case m.Via == ViaCustomDomain:
		fmt.Fprintf(&b, "Worker %q runs as the custom domain %s", m.Worker, m.Pattern)
		if n := decisiveMiss(misses, m, nil); n != nil && m.NegatedBy == "" {
			fmt.Fprintf(&b, "; the route %s would come first, but %s", n.Pattern, n.Why)
		} else if m.NegatedBy != "" {
			fmt.Fprintf(&b, " behind the route without a Worker %s", m.NegatedBy)
		}
	case m.Via == ViaWorkersDev:
		fmt.Fprintf(&b, "Worker %q answers on its workers.dev host", m.Worker)
	case m.NegatedBy != "":
		fmt.Fprintf(&b, "no Worker runs: the route without a Worker %s wins and the request goes to the origin of zone %s", m.NegatedBy, m.Zone)
	case m.Outcome == Origin:
		fmt.Fprintf(&b, "no Worker runs: the request goes to the origin of zone %s", m.Zone)
		if len(misses) > 0 && m.Rule == "R5" {
			fmt.Fprintf(&b, "; nearest is %s: %s", misses[0].Pattern, misses[0].Why)
		}
	default:
		fmt.Fprintf(&b, "nobody answers for %s", q.host)
		if len(misses) > 0 {
			fmt.Fprintf(&b, "; nearest is Worker %q: %s", misses[0].Worker, misses[0].Why)
		}
	}
	fmt.Fprintf(&b, " (%s: %s)", rule, Rules[rule])
	return b.String()
}
