const EventEmitter = require("events");

class Domain extends EventEmitter {
  members;
  _errorHandler() {}
  constructor() {
    super();
    this.members = undefined;
  }
  add() {}
  remove() {}
  enter() {}
  exit() {}
  bind(f) { return f; }
  intercept(f) { return f; }
  run(f, ...args) { return Reflect.apply(f, this, args); }
}
function createDomain() { return new Domain(); }
module.exports = { Domain, active: null, create: createDomain, createDomain };
module.named = { create: createDomain() };
