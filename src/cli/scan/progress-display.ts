import type { WriteStream } from "node:tty";
/** What is shown: one line of at most `columns`; `now` in ms since the epoch. */
export interface ProgressLine {
  line(now: number, columns: number): string;
}

/** Repaints of the line, in ms: often enough to look alive. */
const REPAINT_MS = 150;
const CLEAR_LINE = "\r\u001b[K";

/** Shows `progress` on a terminal, in one line that is painted over, until it is told to stop; then no trace is left. */
export function showProgress(progress: ProgressLine, terminal: WriteStream): () => void {
  const paint = () => terminal.write(`${CLEAR_LINE}${progress.line(Date.now(), terminal.columns || 80)}`);
  const timer = setInterval(paint, REPAINT_MS);
  timer.unref();
  paint();
  return () => {
    clearInterval(timer);
    terminal.write(CLEAR_LINE);
  };
}
