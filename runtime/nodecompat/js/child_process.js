const { notImplemented, notImplementedClass, validateString } = require("internal/errors");
const no = (name, length) => notImplemented(`child_process.${name}`, length);
const needsCommand = (name, length) => {
  const refuse = no(name, length);
  const f = { [name](command) { validateString(command, "command"); return refuse(); } }[name];
  return Object.defineProperty(f, "length", { value: length });
};
module.exports = {
  ChildProcess: notImplementedClass("child_process.ChildProcess", "disconnect kill ref send unref"), _forkChild: no("_forkChild", 2), exec: needsCommand("exec", 3), execFile: no("execFile", 4),
  execFileSync: no("execFileSync", 3), execSync: no("execSync", 2), fork: no("fork", 3), spawn: no("spawn", 0), spawnSync: needsCommand("spawnSync", 3),
};
