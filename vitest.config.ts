import { defineConfig } from "vitest/config";

/**
 * Two projects: pure unit tests beside the code they test, and tests that need the real control plane
 * (kube-apiserver and etcd), which `test/support/global-setup.ts` starts once for all of their files.
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["src/**/*.test.ts", "tools/**/*.test.ts"] } },
      {
        test: {
          name: "cluster",
          include: ["test/**/*.test.ts"],
          globalSetup: ["test/support/global-setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
