/** Gives each caller a name that none had before. */
export type Namer = (wanted: string) => string;

/** Names of one namespace. The first to want a name gets it, the next one gets it with a 2, and so on. */
export function uniqueNames(reserved: readonly string[] = []): Namer {
  const taken = new Set(reserved);
  return (wanted) => {
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}${count}`;
    taken.add(name);
    return name;
  };
}

/** The words of `text` that consist of ASCII letters and digits alone: all that identifiers of templates may have. */
export function identifierWords(text: string): string[] {
  return text.slice(0, 100).match(/[A-Za-z0-9]+/g) ?? [];
}

/** The words of `text` as one: `vpc-0a1b` is `Vpc0a1b`. */
export function pascalCase(text: string): string {
  return identifierWords(text)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
