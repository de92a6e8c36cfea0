/** What an operator's log says of how it fares. */

/** Lines that nobody wants to see, by level and message, and how often each came; what is no line of the log is `stray`. */
export function complaintsOf(lines: readonly string[]): Map<string, number> {
  const complaints = new Map<string, number>();
  for (const line of lines) {
    const complaint = complaintOf(line);
    if (complaint !== undefined) complaints.set(complaint, (complaints.get(complaint) ?? 0) + 1);
  }
  return complaints;
}

/** Whether any of them is a defect of the operator, rather than something that it got over. */
export function isDefect(complaint: string): boolean {
  return /^(?:error|fatal|stray): /.test(complaint);
}

function complaintOf(line: string): string | undefined {
  const entry = parsed(line);
  if (entry === undefined) return `stray: ${line.slice(0, 200)}`;
  const { level, msg } = entry as { readonly level?: string; readonly msg?: string };
  return ["warn", "error", "fatal"].includes(level ?? "") ? `${level}: ${msg}` : undefined;
}

function parsed(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
