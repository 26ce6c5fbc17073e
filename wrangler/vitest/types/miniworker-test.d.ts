// The module that `miniworker test` gives to tests besides cloudflare:test.
declare module "miniworker:test" {
	/** The time of everything in the project: Date, timers, alarms, expirations, cron triggers, queues. Each test begins with the clock its hooks left. */
	export const clock: {
		/** Milliseconds since 1970, as Date.now() has it in every worker. */
		now(): number;
		/** Whether time stands still. */
		readonly frozen: boolean;
		/** Makes time stand still. */
		freeze(): void;
		/** Lets time pass again, from where it stands. */
		resume(): void;
		/** Goes back to the machine's time. */
		real(): void;
		/**
		 * Moves time on. What falls due on the way runs in order, each step when what followed from the one before
		 * has come to rest. @param by "90s", "1h30m", "3d", "2w", or milliseconds
		 */
		advance(by: string | number): Promise<void>;
		/** Moves time to a date, also back. What lies between is due at once; cron triggers are left out. */
		set(date: Date | string | number): Promise<void>;
	};

	export type TraceKind = "request" | "subrequest" | "binding" | "storage" | "event" | "object" | "socket" | "log" | "exception" | "reload";

	/** One thing that happened. */
	export interface TraceEvent {
		/** Names the event; what it caused has it as parent. */
		span: number;
		parent?: number;
		kind: TraceKind;
		/** Whose code did it. */
		worker?: string;
		/** What was done: "GET /path", "STORE.put key", "alarm". */
		name: string;
		/** That without what it was done to: "GET", "put", "alarm". */
		operation: string;
		/** What it was done to: a binding, a worker, a class of objects, a host. */
		target?: string;
		/** HTTP status. */
		status?: number;
		error?: string;
		/** When it began, and how long it took, in milliseconds. */
		time: number;
		duration: number;
	}

	/** What is left out is any. */
	export interface TraceFilter {
		kind?: TraceKind;
		worker?: string;
		target?: string;
		/** A binding by its name: the target of calls on it. */
		binding?: string;
		operation?: string;
		/** Part of the name: a path, a key. */
		name?: string;
	}

	/** What happened since the test began, in all workers: what it caused. */
	export const trace: {
		events(filter?: TraceFilter | TraceKind): TraceEvent[];
		count(filter?: TraceFilter | TraceKind): number;
		/** Whether a worker, or something that was called, had a part in it. */
		through(name: string): boolean;
		/** The events as indented text, for snapshots: no times, ids numbered. */
		tree(filter?: TraceFilter | TraceKind): string;
		/** Forgets what happened so far. */
		clear(): void;
		/** Waits until the workers have nothing to do but to wait for time to pass, or for something outside. */
		settle(): Promise<void>;
	};
}
