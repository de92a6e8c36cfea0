/** The software bill of materials of what the image and the bundle hold, as CycloneDX. */
import { createHash } from "node:crypto";
import type { BundledPackage } from "../build/packages.ts";

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
}

/** As `npm sbom` makes it; what is not named here is passed on. */
export interface Bom {
  readonly metadata: { readonly component: Component } & Readonly<Record<string, unknown>>;
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

export interface BomOptions {
  readonly bundled: readonly BundledPackage[];
  /** What the bundle runs on, in the image. */
  readonly nodeVersion: string;
  /** RFC 3339, of the commit: the same commit has the same bill. */
  readonly timestamp: string;
}

/**
 * Of npm's bill of all dependencies, those of which the bundle holds code, and Node.js. Throws where the bundle
 * holds what npm does not know of.
 */
export function shippedBom(bom: Bom, { bundled, nodeVersion, timestamp }: BomOptions): Bom {
  const shipped = new Set(bundled.map(({ name, version }) => `${name}@${version}`));
  const components = bom.components.filter(({ name, version }) => shipped.has(`${name}@${version}`));
  const known = new Set(components.map(({ name, version }) => `${name}@${version}`));
  const unknown = [...shipped].filter((one) => !known.has(one));
  if (unknown.length > 0) throw new Error(`npm's bill of materials lacks ${unknown.join(", ")}`);
  const own = bom.metadata.component;
  const refs = new Set([own["bom-ref"], ...components.map((component) => component["bom-ref"])]);
  const name = own["bom-ref"].slice(0, own["bom-ref"].lastIndexOf("@"));
  const content = {
    ...bom,
    metadata: { ...bom.metadata, timestamp, component: { ...own, type: "application", name } },
    components: [...components, nodejs(nodeVersion)],
    dependencies: bom.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((on) => refs.has(on)) })),
  };
  const { serialNumber: _, ...named } = { serialNumber: "", ...content };
  return { ...named, serialNumber: urn(JSON.stringify(named)) } as Bom;
}

function nodejs(version: string): Component {
  return {
    "bom-ref": `node@${version}`,
    type: "platform",
    name: "node",
    version,
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    purl: `pkg:generic/node@${version}?download_url=https://nodejs.org/dist/v${version}/`,
    licenses: [{ license: { id: "MIT" } }],
  } as Component;
}

/** A UUID by its content, version 8 of RFC 9562. */
function urn(content: string): string {
  const hex = createHash("sha256").update(content).digest("hex");
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return `urn:uuid:${parts.join("-")}`;
}
