// The state and result of a promise, for the vendored inspect.
module.exports = native.types.settled;
