// What a vitest.config imports, when its settings are read.
import { readMigrations } from "miniworker:vitest-config";

export const defineConfig = (config) => config;
export { defineConfig as defineProject, defineConfig as defineWorkspace, defineConfig as defineWorkersConfig, defineConfig as defineWorkersProject };

export const defaultInclude = ["**/*.{test,spec}.?(c|m)[jt]s?(x)"];
export const defaultExclude = ["**/node_modules/**", "**/.git/**"];
export const configDefaults = { include: defaultInclude, exclude: defaultExclude };

const plain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

export function mergeConfig(base, more) {
	const out = { ...base };
	for (const [key, value] of Object.entries(more)) {
		if (plain(out[key]) && plain(value)) out[key] = mergeConfig(out[key], value);
		else if (Array.isArray(out[key]) || Array.isArray(value)) out[key] = [out[key] ?? [], value ?? []].flat();
		else out[key] = value ?? out[key];
	}
	return out;
}

// The plugin's options are what is read of it.
const options = Symbol("options");
export const cloudflareTest = (given) => ({ name: "@cloudflare/vitest", [options]: given });
export const cloudflarePool = () => undefined;

export const readD1Migrations = async (path) => JSON.parse(readMigrations(String(path)));

// Configurations take these of the package miniflare, for functions that answer
// requests.
export const { Request, Response, Headers, FormData, File, fetch } = globalThis;

// functions answer requests, by the name of their binding; outboundService is "".
const functions = new Map();
export const answer = (name, request) => functions.get(name)(request);

// keepFunctions puts aside what answers requests among a worker's options.
function keepFunctions({ outboundService, serviceBindings, ...rest }) {
	if (typeof outboundService === "function") functions.set("", outboundService);
	else if (outboundService !== undefined) rest.outboundService = outboundService;
	for (const [name, service] of Object.entries(serviceBindings ?? {})) {
		if (typeof service === "function") functions.set(name, service);
		else rest.serviceBindings = { ...rest.serviceBindings, [name]: service };
	}
	return rest;
}

const call = async (value) => typeof value === "function" ? value({ command: "serve", mode: "test", isSsrBuild: false, isPreview: false }) : value;

// read gives the settings of a configuration, as JSON.
export async function read(config) {
	const { test = {}, plugins = [], define, resolve } = await call(await config);
	let workers = await call(test.poolOptions?.workers);
	const foreign = [];
	for (const plugin of await Promise.all([plugins].flat(Infinity))) {
		if (plugin && options in plugin) workers = { ...workers, ...await call(plugin[options]) };
		else if (plugin) foreign.push(plugin.name ?? "a plugin without a name");
	}
	const { pool, poolOptions, ...rest } = test;
	if (workers?.miniflare) workers = { ...workers, miniflare: keepFunctions(workers.miniflare) };
	// Other functions are nothing that can be honoured, but are named.
	return JSON.stringify({ test: rest, workers: workers ?? {}, functions: [...functions.keys()], plugins: foreign, define: define ?? {}, alias: !!resolve?.alias },
		(_, value) => typeof value === "function" ? null : value);
}
