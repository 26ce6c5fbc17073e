const { codes, validateInt32 } = require("internal/errors");

const functions = {
  arch: () => "x64", availableParallelism: () => 1, cpus: () => [], endianness: () => "LE", freemem: () => 0, homedir: () => "/tmp/",
  hostname: () => "localhost", loadavg: () => [0, 0, 0], machine: () => "x86_64", networkInterfaces: () => ({}), platform: () => "linux",
  release: () => "", tmpdir: () => "/tmp/", totalmem: () => 0, type: () => "Linux", uptime: () => 0, userInfo: () => ({}), version: () => "",
};
function getPriority(pid) {
  if (pid !== undefined) validateInt32(pid, "pid");
  return 0;
}
function setPriority(pid, priority) {
  if (priority === undefined) [pid, priority] = [0, pid];
  validateInt32(pid, "pid");
  validateInt32(priority, "priority", -20, 19);
}

module.exports = { ...functions, getPriority, setPriority, EOL: "\n", devNull: "/dev/null", constants: require("data/os") };
