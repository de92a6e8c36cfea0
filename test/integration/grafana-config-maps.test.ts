import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { runOrThrow } from "../../tools/machine/command.ts";

const GRAFANA = new URL("../../deploy/grafana/", import.meta.url);
/** The API server's limit for all annotations of an object; `kubectl apply` writes the whole object into one. */
const MAX_ANNOTATIONS_BYTES = 256 * 1024;

it("makes a ConfigMap of each dashboard that the sidecar finds and kubectl can apply", async () => {
  const text = await runOrThrow("kubectl", ["kustomize", fileURLToPath(GRAFANA)]);
  const objects = parseAllDocuments(text).map(
    (document) => document.toJS() as { data: Record<string, string> },
  );
  const files = ["fleet-compliance.json", "operator-health.json"];
  expect(objects).toEqual(
    await Promise.all(
      files.map(async (file) => ({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: {
          name: `aws-account-scan-${file.replace(".json", "")}`,
          labels: { grafana_dashboard: "1", "app.kubernetes.io/name": "aws-account-scan-operator" },
          annotations: { grafana_folder: "AWS account scans" },
        },
        data: { [file]: await readFile(new URL(file, GRAFANA), "utf8") },
      })),
    ),
  );
  for (const object of objects)
    expect(Buffer.byteLength(JSON.stringify(object))).toBeLessThan(MAX_ANNOTATIONS_BYTES);
});
