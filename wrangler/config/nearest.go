package config

import (
	"fmt"

	"github.com/miniworker/miniworker/internal/nearest"
)

// didYouMean is a hint naming the known word nearest to got, or "".
func didYouMean(got string, known []string) string {
	if near := nearest.Word(got, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return ""
}
