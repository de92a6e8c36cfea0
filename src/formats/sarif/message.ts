/** `{ text }` of SARIF's message objects, in which nothing from outside makes a link or a placeholder. */
export interface SarifMessage {
  readonly text: string;
}

/**
 * A plain text message has embedded links, `[text](target)`, and placeholders, `{0}`: brackets, braces and backslashes
 * that are none of these are escaped (3.11.5, 3.11.6).
 */
export function sarifMessage(text: string): SarifMessage {
  return { text: text.replaceAll(/[[\]\\]/g, "\\$&").replaceAll(/[{}]/g, "$&$&") };
}
