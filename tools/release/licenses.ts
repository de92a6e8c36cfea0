/** Which licences what we use may have. */
import satisfies from "spdx-satisfies";

/** Of what is shipped: none asks more of those who pass it on than its own words. */
const SHIPPED = [
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  "Unlicense",
];

/** Of what is only used here and passed to nobody: those that bind changes of the files themselves as well. */
const USED = [...SHIPPED, "CC0-1.0", "MPL-2.0", "Python-2.0"];

interface Exception {
  readonly license: string;
  readonly reason: string;
}

/** By name, of the very licence that was looked at. */
const EXCEPTIONS: Readonly<Record<string, Exception>> = {
  "spdx-exceptions": { license: "CC-BY-3.0", reason: "SPDX's list of names, read in development alone" },
  "spdx-ranges": {
    license: "(MIT AND CC-BY-3.0)",
    reason: "SPDX's list of names, read in development alone",
  },
  argparse: {
    license: "PSF-2.0",
    reason: "Python's own, permissive, asks for its notice and a note of changes",
  },
};

export interface LicensedPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression; undefined where the package says none. */
  readonly license: string | undefined;
  /** Whether it is used in development alone. */
  readonly dev: boolean;
}

interface Lock {
  readonly packages: Readonly<Record<string, { version?: string; license?: string; dev?: boolean }>>;
}

/** Every package of a package-lock.json but our own. */
export function lockedPackages(lock: Lock): LicensedPackage[] {
  return Object.entries(lock.packages)
    .filter(([path]) => path !== "")
    .map(([path, { version = "", license, dev = false }]) => {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      return { name, version, license, dev };
    });
}

/** A line for each package whose licence is not allowed where it is used. */
export function licenseProblems(packages: readonly LicensedPackage[]): string[] {
  return packages.flatMap(({ name, version, license, dev }) => {
    const place = dev ? "development" : "what is shipped";
    if (license === undefined) return [`${name} ${version} names no licence`];
    if (EXCEPTIONS[name]?.license === license || isAllowed(license, dev ? USED : SHIPPED)) return [];
    return [`${name} ${version} is under ${license}, which is not allowed in ${place}`];
  });
}

/** False as well for what is no SPDX expression, such as `SEE LICENSE IN README`. */
function isAllowed(license: string, allowed: readonly string[]): boolean {
  try {
    return satisfies(license, [...allowed]);
  } catch {
    return false;
  }
}
