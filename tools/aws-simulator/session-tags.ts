/** Session tags. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html */
import type { Input } from "./input.ts";
import type { Principal } from "./sessions.ts";

type Tags = Readonly<Record<string, string>>;

export interface SessionTags {
  /** What the request names. */
  readonly given: Tags;
  /** And what the caller's session brings along. */
  readonly all: Tags;
  /** Those that the new session brings along in its turn. */
  readonly transitive: Tags;
}

/** The tags of the session that `caller` asks for. */
export function sessionTagsOf(input: Input, { transitiveTags = {} }: Principal): SessionTags {
  const given: Record<string, string> = {};
  for (let at = 1; ; at++) {
    const key = input.text(`Tags.member.${at}.Key`);
    if (key === undefined) break;
    given[key] = input.text(`Tags.member.${at}.Value`) ?? "";
  }
  const kept = new Set(input.numbered("TransitiveTagKeys.member"));
  const passed = Object.fromEntries(Object.entries(given).filter(([key]) => kept.has(key)));
  return { given, all: { ...given, ...transitiveTags }, transitive: { ...passed, ...transitiveTags } };
}
