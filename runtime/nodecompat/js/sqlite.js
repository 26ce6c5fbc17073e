class DatabaseSync { constructor() { throw new TypeError("Illegal constructor"); } }
class StatementSync { constructor() { throw new TypeError("Illegal constructor"); } }
const backup = { async backup() { throw new Error("backup is not implemented"); } }.backup;
module.exports = { DatabaseSync, StatementSync, backup, constants: require("data/sqlite") };
