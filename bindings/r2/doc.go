// Package r2 is the storage of R2 buckets.
//
// What it emulates: objects with metadata, checksums, conditions and ranges,
// listings with delimiters and cursors, and multipart uploads, with R2's limits,
// error codes and texts. An acknowledged put survives the death of the process
// whole; one that was not leaves the old version or nothing.
//
// What it deliberately does not: encrypt what is stored with a customer's key
// (SSE-C: the key is demanded again, but contents lie on disk as they came),
// lifecycle rules (but unfinished uploads end after seven days)
// and event notifications.
//
// Where the truth is: https://developers.cloudflare.com/r2/api/workers/ and, for
// codes and texts, the R2 simulator of wrangler 4.164. Where they differ on
// storage classes, real R2 wins: objects report "Standard", not "".
//
// Files: bucket.sqlite holds metadata and contents up to 64 KiB; larger
// contents are files in blobs/.
package r2
