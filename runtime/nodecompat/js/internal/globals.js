// What vendored code would take from an npm package where the platform has it.
module.exports = { AbortController, AbortSignal };
