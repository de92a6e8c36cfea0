/** Globs of names and regions: `*` stands for any text, everything else for itself. */

/**
 * Whether `text` matches `glob`, in time linear in the text for every star: the parts between the stars are looked
 * for from left to right, so that no pattern can make it backtrack.
 */
export function matchesGlob(glob: string, text: string): boolean {
  const star = glob.indexOf("*");
  if (star < 0) return glob === text;
  const lastStar = glob.lastIndexOf("*");
  const end = text.length - (glob.length - lastStar - 1);
  // What most globs differ in is asked first, before anything is cut to pieces.
  if (end < star || !text.startsWith(glob.slice(0, star)) || !text.endsWith(glob.slice(lastStar + 1)))
    return false;
  let position = star;
  for (let from = star + 1; from <= lastStar; ) {
    const to = glob.indexOf("*", from);
    const part = glob.slice(from, to);
    const found = text.indexOf(part, position);
    if (found < 0 || found + part.length > end) return false;
    position = found + part.length;
    from = to + 1;
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
