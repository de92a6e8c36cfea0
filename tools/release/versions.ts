/** Whether all who name the version name the same. */

/** Where a version is named, and which. */
export interface NamedVersion {
  readonly place: string;
  readonly version: string | undefined;
}

/** A line for each place that names another version than `version`, or none. */
export function versionProblems(version: string, named: readonly NamedVersion[]): string[] {
  return named
    .filter((one) => one.version !== version)
    .map((one) => `${one.place} names ${one.version ?? "no version"} instead of ${version}`);
}

/** The tags of our image in a text, each once. */
export function imageTags(text: string): string[] {
  const tags = [...text.matchAll(/\baws-account-scan-operator:(\d+\.\d+\.\d+[\w.-]*)/g)];
  return [...new Set(tags.map(([, tag = ""]) => tag))];
}
