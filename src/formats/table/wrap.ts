import stringWidth from "string-width";

/** Lines of text no longer than `width`, broken between words; words that are longer stay whole. */
export function wrapped(text: string, width: number | undefined, indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const next = line === "" ? indent + word : `${line} ${word}`;
    if (line !== "" && width !== undefined && stringWidth(next) > width) {
      lines.push(line);
      line = indent + word;
    } else line = next;
  }
  return [...lines, line];
}
