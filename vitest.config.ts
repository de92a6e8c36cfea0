import { defineConfig } from "vitest/config";

/**
 * Two projects: pure unit tests beside the code they test, and tests that need the real control plane
 * (kube-apiserver and etcd), which `test/support/global-setup.ts` starts once for all of their files.
 */
export default defineConfig({
  test: {
    // Two more than vitest takes on two cores: most of these tests wait for processes of their own.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: "unit",
          include: ["{src,tools,monitoring}/**/*.test.ts"],
          // Property tests take seconds, and on a loaded machine several times as long.
          testTimeout: 30_000,
        },
      },
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
