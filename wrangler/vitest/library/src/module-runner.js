// In place of vite/module-runner, of which Vitest's public module names one class.
export class EvaluatedModules {}
