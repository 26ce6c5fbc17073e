// In place of @vitest/utils/source-map. Stacks are the engine's; the host maps
// them to the sources and leaves out frames that are not the user's.

export function parseSingleStack(line) {
	return globalThis.__vitest_worker__.host.frames(String(line))[0] ?? null;
}

// Only inline snapshots ask for this, to find the call in the user's file: the
// first frame is the one, whatever the depth of the matchers above it.
export function parseErrorStacktrace(error) {
	const frames = globalThis.__vitest_worker__.host.frames(String(error?.stack ?? ""));
	return [{ method: "__INLINE_SNAPSHOT_OFFSET_1__", file: "", line: 0, column: 0 }, ...frames];
}
