package cli

// nearest is the candidate with the smallest edit distance, "" if none is close.
func nearest(word string, candidates []string) string {
	best, limit := "", max(2, len(word)/3)+1
	for _, c := range candidates {
		if d := distance(word, c); d < limit {
			best, limit = c, d
		}
	}
	return best
}

func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		prev := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := prev
			if a[i] != b[j] {
				cost = min(prev, row[j], row[j+1]) + 1
			}
			prev, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
