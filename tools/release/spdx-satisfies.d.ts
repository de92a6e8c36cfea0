declare module "spdx-satisfies" {
  /** Whether an SPDX expression can be met by licences of the list. Throws for what is no expression. */
  export default function satisfies(expression: string, allowed: string[]): boolean;
}
