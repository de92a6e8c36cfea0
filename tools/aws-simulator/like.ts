/** Whether a text is as `pattern` says, in which `*` stands for any characters (IAM's StringLike, without `?`). */
export function matcherOf(pattern: string): (text: string) => boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const expression = new RegExp(`^${parts.join(".*")}$`, "s");
  return (text) => expression.test(text);
}
