package config

import (
	"encoding/json"

	"github.com/miniworker/miniworker/internal/diag"
)

// DurableObjectBinding is one entry of durable_objects.bindings.
type DurableObjectBinding struct {
	Name      string
	ClassName string
	// ScriptName is empty for a class of this Worker, also when the file names the
	// Worker itself.
	ScriptName  string
	Environment string
	Pos         diag.Position
}

// Migration is one Durable Object migration.
type Migration struct {
	Tag              string
	NewClasses       []string
	NewSQLiteClasses []string
	RenamedClasses   []RenamedClass
	DeletedClasses   []string
	Pos              diag.Position
}

// RenamedClass is one renamed_classes entry.
type RenamedClass struct{ From, To string }

// Export is one entry of `exports`.
type Export struct {
	Name          string // class or entrypoint
	Type          string // durable-object, worker, workflow
	State         string // created, deleted, renamed, transferred, expecting-transfer
	Storage       string // sqlite, legacy-kv
	RenamedTo     string
	TransferredTo string
	TransferFrom  string
	CacheEnabled  *bool
	// Workflow, StepLimit and Schedules belong to type workflow.
	Workflow  string
	StepLimit *int
	Schedules []string
	Pos       diag.Position
}

// ServiceBinding is one entry of services.
type ServiceBinding struct {
	Binding     string
	Service     string
	Entrypoint  string
	Props       json.RawMessage
	Environment string
	Pos         diag.Position
}

// KVNamespace is one entry of kv_namespaces. ID is never empty: preview_id, id,
// binding, in this order.
type KVNamespace struct {
	Binding string
	ID      string
	Pos     diag.Position
}

// R2Bucket is one entry of r2_buckets. Bucket is never empty.
type R2Bucket struct {
	Binding      string
	Bucket       string
	Jurisdiction string
	// S3 holds local S3 credentials when local_dev sets them.
	S3  *S3Credentials
	Pos diag.Position
}

// S3Credentials open the local S3 endpoint of a bucket.
type S3Credentials struct{ AccessKeyID, SecretAccessKey string }

// D1Database is one entry of d1_databases. ID is never empty.
type D1Database struct {
	Binding           string
	Name              string
	ID                string
	MigrationsTable   string
	MigrationsDir     string // absolute
	MigrationsPattern string // glob as written, or "" for every .sql file of the directory
	Pos               diag.Position
}

// Queues holds both ends.
type Queues struct {
	Producers []QueueProducer
	Consumers []QueueConsumer
}

// QueueProducer is a queue binding.
type QueueProducer struct {
	Binding       string
	Queue         string
	DeliveryDelay *float64 // seconds
	Pos           diag.Position
}

// QueueConsumer says which queue this Worker consumes; nil fields are unset.
type QueueConsumer struct {
	Queue           string
	Type            string
	MaxBatchSize    *int
	MaxBatchTimeout *float64 // seconds
	MaxRetries      *int
	DeadLetterQueue string
	MaxConcurrency  *int
	RetryDelay      *float64 // seconds
	Pos             diag.Position
}

// Workflow is one entry of workflows. Name is empty only for a class of another
// script that names its Workflow in its own exports.
type Workflow struct {
	Binding    string
	Name       string
	ClassName  string
	ScriptName string
	StepLimit  *int
	Schedules  []string
	Pos        diag.Position
}

// Hyperdrive is one entry of hyperdrive. LocalConnectionString comes from the
// environment or the file and may be empty: the binding then fails when used.
type Hyperdrive struct {
	Binding               string
	ID                    string
	LocalConnectionString string
	Pos                   diag.Position
}

// AnalyticsEngineDataset is one entry of analytics_engine_datasets.
type AnalyticsEngineDataset struct {
	Binding string
	Dataset string
	Pos     diag.Position
}

// SendEmail is one entry of send_email.
type SendEmail struct {
	Name                        string
	DestinationAddress          string
	AllowedDestinationAddresses []string
	AllowedSenderAddresses      []string
	Pos                         diag.Position
}

// SecretsStoreSecret is one entry of secrets_store_secrets.
type SecretsStoreSecret struct {
	Binding, StoreID, SecretName string
	Pos                          diag.Position
}

// Ratelimit is one entry of ratelimits.
type Ratelimit struct {
	Name        string
	NamespaceID string
	Limit       float64
	Period      int // seconds: 10 or 60
	Pos         diag.Position
}

// WorkerLoader is one entry of worker_loaders.
type WorkerLoader struct {
	Binding string
	Pos     diag.Position
}

// Pipeline is one entry of pipelines.
type Pipeline struct {
	Binding, Stream string
	Pos             diag.Position
}

// SimpleBinding is a binding with a name and nothing else that matters locally.
type SimpleBinding struct {
	Binding string
	Pos     diag.Position
}

// TailConsumer is one entry of tail_consumers or streaming_tail_consumers.
type TailConsumer struct {
	Service, Environment string
	Pos                  diag.Position
}

// Connect is one raw TCP listener.
type Connect struct {
	Protocol, Address string
	Port              int
	Pos               diag.Position
}

// FileBinding binds the content of a file (wasm_modules, text_blobs, data_blobs).
type FileBinding struct {
	Name, Path string
	Pos        diag.Position
}
