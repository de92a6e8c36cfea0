/** Globs of names and regions: `*` stands for any text, everything else for itself. */

/**
 * Whether `text` matches `glob`, in time linear in the text for every star: the parts between the stars are looked
 * for from left to right, so that no pattern can make it backtrack.
 */
export function matchesGlob(glob: string, text: string): boolean {
  const parts = glob.split("*");
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (parts.length === 1) return glob === text;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let position = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, position);
    if (found < 0 || found + part.length > end) return false;
    position = found + part.length;
  }
  return true;
}

export function isLiteral(glob: string): boolean {
  return !glob.includes("*");
}

/** Whether `text` matches one of `globs`; where there are none to match, everything does. */
export function matchesAny(globs: readonly string[] | undefined, text: string): boolean {
  return globs === undefined || globs.some((glob) => matchesGlob(glob, text));
}
