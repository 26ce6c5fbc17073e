package config

import (
	"os"

	"github.com/miniworker/miniworker/internal/diag"
)

func (r *resolver) decodeStorage() {
	c := r.cfg
	r.each(r.get("kv_namespaces"), func(v *value, pos diag.Position) {
		b := v.getStr("binding")
		c.KVNamespaces = append(c.KVNamespaces, KVNamespace{Binding: b, ID: or(v.getStr("preview_id"), or(v.getStr("id"), b)), Pos: pos})
	})
	r.each(r.get("r2_buckets"), func(v *value, pos diag.Position) {
		b := R2Bucket{Binding: v.getStr("binding"), Jurisdiction: v.getStr("jurisdiction"), Pos: pos}
		b.Bucket = or(v.getStr("preview_bucket_name"), or(v.getStr("bucket_name"), b.Binding))
		if s3 := v.get("local_dev").get("experimental_s3_credentials"); s3 != nil {
			b.S3 = &S3Credentials{s3.getStr("accessKeyId"), s3.getStr("secretAccessKey")}
		}
		c.R2Buckets = append(c.R2Buckets, b)
	})
	r.each(r.get("d1_databases"), func(v *value, pos diag.Position) {
		b := v.getStr("binding")
		c.D1Databases = append(c.D1Databases, D1Database{
			Binding: b, Name: v.getStr("database_name"), ID: or(v.getStr("preview_database_id"), or(v.getStr("database_id"), b)),
			MigrationsTable: or(v.getStr("migrations_table"), "d1_migrations"),
			MigrationsDir:   r.abs(or(v.getStr("migrations_dir"), "./migrations")), MigrationsPattern: v.getStr("migrations_pattern"), Pos: pos,
		})
	})
	r.each(r.get("hyperdrive"), func(v *value, pos diag.Position) {
		c.Hyperdrive = append(c.Hyperdrive, r.hyperdrive(v, pos))
	})
	r.each(r.get("secrets_store_secrets"), func(v *value, pos diag.Position) {
		c.SecretsStore = append(c.SecretsStore, SecretsStoreSecret{v.getStr("binding"), v.getStr("store_id"), v.getStr("secret_name"), pos})
	})
}

// hyperdrive takes the connection string from the environment before the file.
func (r *resolver) hyperdrive(v *value, pos diag.Position) Hyperdrive {
	h := Hyperdrive{Binding: v.getStr("binding"), ID: v.getStr("id"), LocalConnectionString: v.getStr("localConnectionString"), Pos: pos}
	for _, prefix := range []string{"CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_", "WRANGLER_HYPERDRIVE_LOCAL_CONNECTION_STRING_"} {
		if s, _ := r.opts.lookup(prefix + h.Binding); s != "" {
			h.LocalConnectionString = s
			break
		}
	}
	return h
}

func (r *resolver) decodeLinks() {
	c := r.cfg
	r.each(r.get("durable_objects").get("bindings"), func(v *value, pos diag.Position) {
		b := DurableObjectBinding{Name: v.getStr("name"), ClassName: v.getStr("class_name"), ScriptName: v.getStr("script_name"), Environment: v.getStr("environment"), Pos: pos}
		if b.ScriptName == c.Name {
			b.ScriptName = ""
		}
		c.DurableObjects = append(c.DurableObjects, b)
	})
	r.each(r.get("migrations"), func(v *value, pos diag.Position) {
		m := Migration{Tag: v.getStr("tag"), NewClasses: v.get("new_classes").strs(), NewSQLiteClasses: v.get("new_sqlite_classes").strs(),
			DeletedClasses: v.get("deleted_classes").strs(), Pos: pos}
		for _, e := range v.get("renamed_classes").list() {
			m.RenamedClasses = append(m.RenamedClasses, RenamedClass{e.getStr("from"), e.getStr("to")})
		}
		c.Migrations = append(c.Migrations, m)
	})
	for _, f := range r.get("exports").members() {
		c.Exports = append(c.Exports, Export{
			Name: f.key, Type: f.val.getStr("type"), State: f.val.getStr("state"), Storage: f.val.getStr("storage"),
			RenamedTo: f.val.getStr("renamed_to"), TransferredTo: f.val.getStr("transferred_to"), TransferFrom: f.val.getStr("transfer_from"),
			CacheEnabled: f.val.get("cache").get("enabled").boolPtr(),
			Workflow:     f.val.getStr("name"), StepLimit: f.val.get("limits").get("steps").int(), Schedules: f.val.get("schedules").strs(), Pos: r.src.pos(f.keyOff),
		})
	}
	r.each(r.get("services"), func(v *value, pos diag.Position) {
		c.Services = append(c.Services, ServiceBinding{Binding: v.getStr("binding"), Service: v.getStr("service"), Entrypoint: v.getStr("entrypoint"),
			Props: v.get("props").json(), Environment: v.getStr("environment"), Pos: pos})
	})
	r.each(r.get("workflows"), func(v *value, pos diag.Position) {
		w := Workflow{Binding: v.getStr("binding"), Name: v.getStr("name"), ClassName: v.getStr("class_name"), ScriptName: v.getStr("script_name"),
			StepLimit: v.get("limits").get("steps").int(), Schedules: v.get("schedules").strs(), Pos: pos}
		if s := v.getStr("schedules"); s != "" {
			w.Schedules = []string{s}
		}
		if w.ScriptName == c.Name {
			w.ScriptName = ""
		}
		if e := r.get("exports").get(w.ClassName); w.Name == "" && w.ScriptName == "" && e.getStr("type") == "workflow" {
			w.Name = e.getStr("name")
		}
		c.Workflows = append(c.Workflows, w)
	})
	r.decodeQueues(r.get("queues"))
	c.TailConsumers = r.tails("tail_consumers")
	c.StreamingTails = r.tails("streaming_tail_consumers")
}

func (r *resolver) tails(key string) []TailConsumer {
	var out []TailConsumer
	r.each(r.get(key), func(v *value, pos diag.Position) {
		out = append(out, TailConsumer{v.getStr("service"), v.getStr("environment"), pos})
	})
	return out
}

func (r *resolver) decodeQueues(q *value) {
	c := r.cfg
	r.each(q.get("producers"), func(v *value, pos diag.Position) {
		b := v.getStr("binding")
		c.Queues.Producers = append(c.Queues.Producers, QueueProducer{Binding: b, Queue: or(v.getStr("queue"), b), DeliveryDelay: v.get("delivery_delay").float(), Pos: pos})
	})
	r.each(q.get("consumers"), func(v *value, pos diag.Position) {
		c.Queues.Consumers = append(c.Queues.Consumers, QueueConsumer{
			Queue: v.getStr("queue"), Type: or(v.getStr("type"), "worker"),
			MaxBatchSize: v.get("max_batch_size").int(), MaxBatchTimeout: v.get("max_batch_timeout").float(), MaxRetries: v.get("max_retries").int(),
			DeadLetterQueue: v.getStr("dead_letter_queue"), MaxConcurrency: v.get("max_concurrency").int(), RetryDelay: v.get("retry_delay").float(), Pos: pos,
		})
	})
}

// simple reads a binding that is one object.
func (r *resolver) simple(key string) *SimpleBinding {
	v := r.get(key)
	if v == nil || v.kind != kindObject {
		return nil
	}
	return &SimpleBinding{v.getStr("binding"), r.pos(v)}
}

func (r *resolver) decodeSmall() {
	c := r.cfg
	c.Images, c.Stream, c.Browser = r.simple("images"), r.simple("stream"), r.simple("browser")
	c.VersionMetadata = r.simple("version_metadata")
	r.each(r.get("analytics_engine_datasets"), func(v *value, pos diag.Position) {
		b := v.getStr("binding")
		c.AnalyticsEngine = append(c.AnalyticsEngine, AnalyticsEngineDataset{b, or(v.getStr("dataset"), b), pos})
	})
	r.each(r.get("send_email"), func(v *value, pos diag.Position) {
		c.SendEmail = append(c.SendEmail, SendEmail{v.getStr("name"), v.getStr("destination_address"),
			v.get("allowed_destination_addresses").strs(), v.get("allowed_sender_addresses").strs(), pos})
	})
	r.each(r.get("ratelimits"), func(v *value, pos diag.Position) {
		s := v.get("simple")
		l := Ratelimit{Name: v.getStr("name"), NamespaceID: v.getStr("namespace_id"), Period: s.get("period").intOr(60), Pos: pos}
		if f := s.get("limit").float(); f != nil {
			l.Limit = *f
		}
		c.Ratelimits = append(c.Ratelimits, l)
	})
	r.each(r.get("worker_loaders"), func(v *value, pos diag.Position) {
		c.WorkerLoaders = append(c.WorkerLoaders, WorkerLoader{v.getStr("binding"), pos})
	})
	r.each(r.get("pipelines"), func(v *value, pos diag.Position) {
		c.Pipelines = append(c.Pipelines, Pipeline{v.getStr("binding"), or(v.getStr("stream"), v.getStr("pipeline")), pos})
	})
	r.each(r.get("connect"), func(v *value, pos diag.Position) {
		c.Connect = append(c.Connect, Connect{v.getStr("protocol"), or(v.getStr("address"), "127.0.0.1"), v.get("port").intOr(0), pos})
	})
}

func isFile(p string) bool {
	st, err := os.Stat(p)
	return err == nil && !st.IsDir()
}
