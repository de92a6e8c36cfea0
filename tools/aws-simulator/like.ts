/** Whether `text` is as `pattern` says, in which `*` stands for any characters (IAM's StringLike, without `?`). */
export function isLike(text: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}
