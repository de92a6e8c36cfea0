/**
 * The simple commands of a shell script, each as its words, as far as documentation goes: quotes, escapes, comments,
 * pipes, lists, substitutions and redirections. No expansion. Pure.
 */
export function commandsIn(script: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string | undefined;
  let skipNext = false;
  const endWord = () => {
    if (word !== undefined && !skipNext) words.push(word);
    if (word !== undefined) skipNext = false;
    word = undefined;
  };
  const endCommand = () => {
    endWord();
    // A variable's value for this command alone is not its name.
    while (words[0] !== undefined && /^\w+=/.test(words[0])) words.shift();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  // Where quotes are, in double quotes too, a substitution holds commands of its own.
  const text = script
    .replaceAll("\\\n", " ")
    .replace(/<<-?\s*'?(\w+)'?([^\n]*)\n[\s\S]*?\n\s*\1(?=\n|$)/g, "$2\n");
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if (char === "'") {
      const end = text.indexOf("'", at + 1);
      if (end < 0) throw new Error(`a quotation that does not end: ${text.slice(at, at + 40)}`);
      word = (word ?? "") + text.slice(at + 1, end);
      at = end;
    } else if (char === '"') {
      const end = closing(text, at);
      const inner = text.slice(at + 1, end);
      word = (word ?? "") + inner;
      for (const [, nested] of inner.matchAll(/\$\(([^()]*)\)/g)) commands.push(...commandsIn(nested ?? ""));
      at = end;
    } else if (char === "\\") {
      word = (word ?? "") + (text[at + 1] ?? "");
      at += 1;
    } else if (char === "#" && word === undefined) {
      at = (text.indexOf("\n", at) + text.length) % text.length;
      if (at <= 0) break;
      endCommand();
    } else if (char === ">" || char === "<") {
      // `2>` names a stream, and is no word.
      if (/^\d?$/.test(word ?? "")) word = undefined;
      endWord();
      if (text[at + 1] === "(") endCommand();
      else skipNext = true;
      while (">&".includes(text[at + 1] ?? " ")) at += 1;
    } else if ("\n;|&()`".includes(char)) endCommand();
    else if (/\s/.test(char)) endWord();
    else word = (word ?? "") + char;
  }
  endCommand();
  return commands;
}

/** The place of the double quote that closes the one at `from`. */
function closing(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
