/** What the user must change before anything can be done; the program ends with exit code 1 and this message. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
