const { notImplemented, notImplementedClass, validateString } = require("internal/errors");
const no = (name, length) => notImplemented(`child_process.${name}`, length);
const needsCommand = (name, length) => {
  const refuse = no(name, length);
  const f = { [name](command) { validateString(command, "command"); return refuse(); } }[name];
  return Object.defineProperty(f, "length", { value: length });
};
module.exports = {
  ChildProcess: notImplementedClass("child_process.ChildProcess"), _forkChild: no("_forkChild", 0), exec: needsCommand("exec", 3), execFile: no("execFile", 4),
  execFileSync: no("execFileSync", 3), execSync: no("execSync", 2), fork: no("fork", 1), spawn: no("spawn", 3), spawnSync: needsCommand("spawnSync", 3),
};
