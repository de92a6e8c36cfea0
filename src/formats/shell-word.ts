const PLAIN = /^[\w@%+=:,./-]+$/;

/** `text` as one word of a POSIX shell, which substitutes nothing in it. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
