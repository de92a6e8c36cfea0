/** Writes the released image into what installs it. */
import { parseDocument } from "yaml";

/** By its digest: a tag can be moved. */
export interface ReleasedImage {
  /** With the registry: `ghcr.io/acme/aws-account-scan-operator`. */
  readonly repository: string;
  /** `sha256:…` */
  readonly digest: string;
}

/** @throws where it is not what a registry would call an image. */
export function releasedImage(repository: string, digest: string): ReleasedImage {
  if (!/^[a-z0-9.-]+(?::\d+)?(?:\/[a-z0-9._-]+)+$/.test(repository))
    throw new Error(
      `${JSON.stringify(repository)} is no repository of a registry, such as ghcr.io/acme/operator`,
    );
  if (!/^sha256:[0-9a-f]{64}$/.test(digest))
    throw new Error(`${JSON.stringify(digest)} is no digest, sha256:…`);
  return { repository, digest };
}

/** The chart's `values.yaml` with the image, all else as it was. */
export function valuesWithImage(values: string, { repository, digest }: ReleasedImage): string {
  const document = parseDocument(values);
  for (const [key, value] of Object.entries({ repository, digest })) {
    if (!document.hasIn(["image", key])) throw new Error(`the chart has no value image.${key}`);
    document.setIn(["image", key], value);
  }
  return document.toString({ lineWidth: 0 });
}

/** `install.yaml` with the image. Throws unless it names our image exactly once. */
export function manifestWithImage(manifest: string, { repository, digest }: ReleasedImage): string {
  const pattern = /^(\s*(?:- )?image: )aws-account-scan-operator:\S+$/gm;
  const found = manifest.match(pattern)?.length ?? 0;
  if (found !== 1) throw new Error(`the manifest names our image ${found} times instead of once`);
  return manifest.replace(pattern, (_, before: string) => `${before}${repository}@${digest}`);
}
