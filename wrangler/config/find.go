package config

// fileNames in the order wrangler prefers them.
var fileNames = []string{"wrangler.json", "wrangler.jsonc", "wrangler.toml"}
