package config

import (
	"fmt"
	"strings"
	"time"
)

// validName is wrangler's rule for Worker names.
func validName(s string) bool {
	for _, c := range s {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-') {
			return false
		}
	}
	return !strings.HasPrefix(s, "-")
}

var tName = shape{"string, lowercase letters, digits and dashes", func(c *checker, path string, v *value) {
	if v.kind == kindString && validName(v.text) {
		return
	}
	hint := ""
	if v.kind == kindString {
		if s := suggestName(v.text); s != "" && s != v.text {
			hint = fmt.Sprintf("use %q", s)
		}
	}
	c.errorf("invalid_name", v, hint, "Expected %q to be of type string, alphanumeric and lowercase with dashes only but got %s.", path, v.show())
}}

// validBucketName is R2's rule for the names of buckets.
func validBucketName(s string) bool {
	for _, c := range s {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-') {
			return false
		}
	}
	return len(s) >= 3 && len(s) <= 63 && s[0] != '-' && s[len(s)-1] != '-'
}

var tBucketName = shape{"a bucket name", func(c *checker, path string, v *value) {
	if v.kind == kindString && validBucketName(v.text) {
		return
	}
	c.errorf("invalid_bucket_name", v, "", "%s=%s is invalid. Bucket names must begin and end with an alphanumeric character, only contain lowercase letters, numbers, and hyphens, and be between 3 and 63 characters long.", path, v.show())
}}

// suggestName is the nearest valid Worker name.
func suggestName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' || r == '-':
			return r
		}
		return '-'
	}, strings.ToLower(s))
	return strings.Trim(s, "-")
}

var tDate = shape{"yyyy-mm-dd", func(c *checker, path string, v *value) {
	if v.kind != kindString || v.date {
		c.wrongType(path, "string", v)
		return
	}
	if strings.ContainsAny(v.text, "–—") {
		c.errorf("invalid_compatibility_date", v, "type the dashes anew",
			"%q field should use ISO-8601 accepted hyphens (-) rather than en-dashes (–) or em-dashes (—).", path)
		return
	}
	if _, err := time.Parse(time.DateOnly, v.text); err != nil {
		c.errorf("invalid_compatibility_date", v, `for example "2026-01-31"`,
			"%q field should be a valid ISO-8601 date (YYYY-MM-DD), but got %s.", path, v.show())
	}
}}

var tVars = shape{"{[name]: string | JSON}", func(c *checker, path string, v *value) {
	if v.kind != kindObject {
		c.errorf("wrong_type", v, "", "The field %q should be an object but got %s.", path, v.show())
		return
	}
	for _, f := range v.fields {
		if f.val.date {
			c.errorf("wrong_type", f.val, "put the date in quotes",
				"The field \"%s.%s\" is a TOML date, which is not supported. Please use a string instead, e.g. %s = \"2025-12-19\".", path, f.key, f.key)
		}
	}
}}

var tDev = tObj(
	opt("ip", tString), opt("port", tPort),
	opt("inspector_port", tPort), opt("inspector_ip", tString),
	opt("local_protocol", tEnum("http", "https")), opt("upstream_protocol", tEnum("http", "https")),
	opt("host", tString),
	opt("enable_containers", tBool),
	opt("container_engine", tOr("string | object", func(v *value) shape {
		if v.kind == kindObject {
			return tObject
		}
		return tString
	})),
	opt("generate_types", tBool),
	opt("expose_entrypoints", tOr("boolean | {[export]: alias}", func(v *value) shape {
		if v.kind == kindObject {
			return tMap(tString)
		}
		return tBool
	})),
)

// tRoute and tRoutes check kinds only; shapeRoutes knows the details and texts.
var (
	tRoute  = shape{"string | {pattern, zone_id | zone_name, custom_domain?}", checkRoute}
	tRoutes = shape{"(string | {pattern, zone_id | zone_name, custom_domain?})[]", checkRoutes}
)

var tAssets = tObj(
	opt("directory", tString), opt("binding", tNonEmpty), opt("base_path", tIgnored("assets are served from the root of each route here, as without it")),
	opt("html_handling", tEnum(HTMLAutoTrailingSlash, HTMLForceTrailingSlash, HTMLDropTrailingSlash, HTMLNone)),
	opt("not_found_handling", tEnum(NotFoundSPA, NotFound404, NotFoundNone)),
	opt("run_worker_first", shape{"boolean | string[]", func(c *checker, path string, v *value) {
		if v.kind == kindArray {
			tStrings.check(c, path, v)
		} else if v.kind != kindBool {
			hint := ""
			if v.kind == kindString {
				hint = fmt.Sprintf("write a list: [%s]", v.show())
			}
			c.errorf("wrong_type", v, hint, "The field %q should be an array of strings or a boolean, but got %s.", path, v.show())
		}
	}}),
)

var tMigration = tObj(
	req("tag", tString),
	opt("new_classes", tStrings), opt("new_sqlite_classes", tStrings),
	opt("renamed_classes", tList(tObj(req("from", tString), req("to", tString)))),
	opt("deleted_classes", tStrings),
	opt("transferred_classes", tList(tObj(req("from", tString), req("from_script", tString), req("to", tString)))),
)

var tExport = tOr("{type: durable-object | worker | workflow, …}", func(v *value) shape {
	switch v.getStr("type") {
	case "worker":
		return tWorkerExport
	case "workflow":
		return tWorkflowExport
	}
	return tObjectExport
})

var (
	tWorkerExport   = tObj(req("type", tString), opt("cache", tObj(opt("enabled", tBool))))
	tWorkflowExport = tObj(req("type", tString), req("name", tNonEmpty), opt("limits", tObj(opt("steps", tWhole(1)))), opt("schedules", tStrings),
		tConcurrency, tRetention, opt("jurisdiction", tString))
	tObjectExport = tObj(
		req("type", tEnum("durable-object", "worker", "workflow")),
		opt("state", tEnum("created", "deleted", "renamed", "transferred", "expecting-transfer")),
		opt("storage", tEnum("sqlite", "legacy-kv")),
		opt("renamed_to", tString), opt("transferred_to", tString), opt("transfer_from", tString),
		opt("container", tObject), opt("jurisdiction", tString),
	)
)

var tRule = tObj(
	req("type", tEnum(RuleESModule, RuleCommonJS, RuleCompiledWasm, RuleText, RuleData, RulePython, RulePythonReq)),
	req("globs", tStrings), opt("fallthrough", tBool),
)

var tPlacement = tObj(
	opt("mode", tEnum("off", "smart", "targeted")), opt("hint", tString),
	opt("region", tString), opt("host", tString), opt("hostname", tString),
)

var tTelemetry = tObj(
	opt("enabled", tBool), opt("head_sampling_rate", tNumber), opt("invocation_logs", tBool),
	opt("persist", tBool), opt("destinations", tStrings),
)

var tObservability = tObj(
	opt("enabled", tBool), opt("head_sampling_rate", tNumber),
	opt("logs", tTelemetry), opt("traces", tTelemetry),
	opt("issues", tObj(opt("enabled", tBool))), opt("redact_query_string", tBool),
)

var tWorkflow = tObj(
	req("binding", tNonEmpty), opt("name", tNonEmpty), req("class_name", tNonEmpty), opt("script_name", tString),
	tRemote, opt("limits", tObj(opt("steps", tWhole(1)))), opt("schedules", tStringOrStrings),
	tConcurrency, tRetention, opt("jurisdiction", tString),
)

// What Workflows and their exports have in common.
var (
	tConcurrency = opt("concurrency", tObj(opt("limit", tWhole(1))))
	tRetention   = opt("default_retention", tObj(opt("success_retention", tAny), opt("error_retention", tAny)))
)

var tSendEmail = tObj(
	req("name", tNonEmpty), opt("destination_address", tString),
	opt("allowed_destination_addresses", tStrings), opt("allowed_sender_addresses", tStrings), tRemote,
)

var tQueues = tObj(
	opt("producers", tList(tObj(req("binding", tNonEmpty), opt("queue", tString), opt("delivery_delay", tNumber), tRemote))),
	opt("consumers", tList(tObj(
		req("queue", tNonEmpty), opt("type", tEnum("worker", "http_pull")),
		opt("max_batch_size", tWhole(1)), opt("max_batch_timeout", tNumber), opt("max_retries", tWhole(0)),
		opt("dead_letter_queue", tString), opt("max_concurrency", tWhole(1)),
		opt("visibility_timeout_ms", tNumber), opt("retry_delay", tNumber),
	))),
)

var tR2 = tObj(
	req("binding", tNonEmpty), opt("bucket_name", tBucketName), opt("preview_bucket_name", tBucketName),
	opt("jurisdiction", tString), tRemote,
	opt("local_dev", tObj(opt("experimental_s3_credentials", tObj(req("accessKeyId", tNonEmpty), req("secretAccessKey", tNonEmpty))))),
)

var tD1 = tObj(
	req("binding", tNonEmpty), opt("database_name", tString), opt("database_id", tString), opt("preview_database_id", tString),
	opt("database_internal_env", tString), opt("migrations_table", tString), opt("migrations_dir", tString),
	opt("migrations_pattern", tString), opt("jurisdiction", tString), tRemote,
)

var tService = tObj(
	req("binding", tNonEmpty), req("service", tNonEmpty), opt("entrypoint", tString), opt("props", tObject),
	opt("environment", tString), tRemote,
)

var tDispatch = tObj(
	req("binding", tNonEmpty), opt("namespace", tString),
	opt("outbound", tObj(req("service", tString), opt("environment", tString), opt("parameters", tStrings))), tRemote,
)

var tRatelimit = tObj(
	req("name", tNonEmpty), req("namespace_id", tString),
	req("simple", tObj(req("limit", tNumber), req("period", shape{"10 | 60", func(c *checker, path string, v *value) {
		tNumber.check(c, path, v)
		if n := v.int(); v.kind == kindNumber && (n == nil || *n != 10 && *n != 60) {
			c.errorf("invalid_value", v, "use 10 or 60 seconds", "Expected %q to be 10 or 60 but got %s.", path, v.show())
		}
	}}))),
)

// remoteList is the common form of products that exist remotely only.
func remoteList(id string) shape {
	return tList(tObj(req("binding", tNonEmpty), req(id, tString), tRemote))
}
