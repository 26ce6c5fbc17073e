// Package browsertest holds tests with a real browser: what only one can tell,
// such as whether a page reached through the proxy has its real origin and may
// open secure sockets. They need Chromium and fail without it.
//
// It contains no product code, and tests nothing that a request made by Go could
// show as well.
package browsertest
