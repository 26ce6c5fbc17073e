export default { test: { testTimeout: 40_000, setupFiles: ["./spec/first.ts"] } };
