package bundle

// supported corrects esbuild's idea of what the engine understands. The target
// stays Wrangler's es2024; these features are in it (or in what people write
// anyway) and the engine lacks them. lower_test.go probes the engine for each
// and fails when an entry is missing or no longer needed.
func supported(m mode) map[string]bool {
	s := map[string]bool{
		"async-generator": false,
		"for-await":       false,
		"using":           false,
		"decorators":      false,
		"import-source":   true,
		// Written as `new RegExp(…)`: one bad literal would otherwise make the
		// whole script unparsable. regexp.go looks at each of them.
		"regexp-set-notation":             false,
		"regexp-unicode-property-escapes": false,
		"regexp-match-indices":            false,
		// esbuild refuses it, which is how a build learns that it needs the
		// async form of the script.
		"top-level-await": m.tla,
	}
	if m.lowerFields {
		s["class-field"] = false
		s["class-static-field"] = false
	}
	return s
}
