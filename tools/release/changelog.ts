/** What CHANGELOG.md says of versions; its form is that of Keep a Changelog. */

/** What stands under a version's heading, or under `Unreleased`; undefined where there is no such heading. */
export function changelogSection(changelog: string, version: string): string | undefined {
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find((candidate) => candidate.startsWith(`[${version}]`));
  return section?.slice(section.indexOf("\n") + 1).trim();
}

/** The versions that were released, newest first. */
export function releasedVersions(changelog: string): string[] {
  return [...changelog.matchAll(/^## \[(\d+\.\d+\.\d+[^\]]*)\]/gm)].map(([, version = ""]) => version);
}

/** The version before this one; undefined where this is the first. */
export function predecessor(changelog: string, version: string): string | undefined {
  const versions = releasedVersions(changelog);
  return versions.includes(version) ? versions[versions.indexOf(version) + 1] : versions[0];
}
