const { env, exit, features, getBuiltinModule, nextTick, platform } = require("process");
module.exports = { env, exit, features, getBuiltinModule, nextTick, platform };
