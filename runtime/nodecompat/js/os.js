const { validateNumber, validateObject } = require("internal/errors");

function arch() { return "x64"; }
function availableParallelism() { return 1; }
function cpus() { return []; }
function endianness() { return "LE"; }
function freemem() { return 0; }
function getPriority(pid) {
  if (pid !== undefined) validateNumber(pid, "pid");
  return 0;
}
function homedir() { return "/tmp/"; }
function hostname() { return "localhost"; }
function loadavg() { return [0, 0, 0]; }
function machine() { return "x86_64"; }
function networkInterfaces() { return {}; }
function platform() { return "linux"; }
function release() { return ""; }
function setPriority(pid, priority) {
  validateNumber(pid, "pid");
  validateNumber(priority, "priority");
}
function tmpdir() { return "/tmp/"; }
function totalmem() { return 0; }
function type() { return "Linux"; }
function uptime() { return 0; }
function userInfo(options = undefined) {
  if (options !== undefined) validateObject(options, "options");
  return {};
}
function version() { return ""; }

const { signals, priority, ...rest } = require("data/os");
const constants = { __proto__: null, ...rest, signals: Object.assign(Object.create({ __proto__: null }), signals), priority };
for (const group of Object.values(constants)) Object.freeze(group);
module.exports = {
  availableParallelism, arch, cpus, endianness, freemem, getPriority, homedir, hostname, loadavg, machine, networkInterfaces, platform, release, setPriority,
  tmpdir, totalmem, type, uptime, userInfo, version, EOL: "\n", devNull: "/dev/null", constants: Object.freeze(constants),
};
