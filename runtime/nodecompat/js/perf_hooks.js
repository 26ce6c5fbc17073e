const { notImplemented } = require("internal/errors");
const names = ["Performance", "PerformanceEntry", "PerformanceMark", "PerformanceMeasure", "PerformanceObserver", "PerformanceObserverEntryList", "PerformanceResourceTiming"];
for (const name of names) {
  // Classes the platform does not have refuse to be made, as they do where it has.
  exports[name] = globalThis[name] ?? { [name]: class { constructor() { throw new TypeError("Illegal constructor"); } } }[name];
}
Object.assign(exports, {
  constants: require("data/perf_hooks"), createHistogram: notImplemented("createHistogram"), eventLoopUtilization(a, b) { return { idle: 0, active: 0, utilization: 0 }; },
  monitorEventLoopDelay: notImplemented("monitorEventLoopDelay"), performance, timerify(f) { return f; },
});
