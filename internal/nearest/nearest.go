// Package nearest finds the known word somebody probably meant.
package nearest

import "strings"

// maxWord bounds the work for hostile input.
const maxWord = 64

// Word returns the known word with the fewest edits to got, if they are few for
// its length, else "". Case and the choice of separator do not count. Among
// equals the first wins.
func Word(got string, known []string) string {
	if len(got) > maxWord {
		return ""
	}
	g := normal(got)
	best, least := "", 1+max(1, len(g)/3)
	for _, k := range known {
		if d := Distance(g, normal(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

var separators = strings.NewReplacer("-", "", "_", "")

func normal(s string) string { return separators.Replace(strings.ToLower(s)) }

// Distance counts insertions, deletions, substitutions and swaps of neighbours
// (optimal string alignment) between two words, by bytes.
func Distance(a, b string) int {
	prev2, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}
