/**
 * Colours that stay apart for the colour-blind: the «vibrant» scheme of Paul Tol (https://sronpersonalpages.nl/~pault/).
 * None stands alone: every panel says in words or numbers what its colour says.
 */
export const RED = "#CC3311";
export const ORANGE = "#EE7733";
export const TEAL = "#009988";
export const BLUE = "#0077BB";
export const GREY = "#BBBBBB";

/** By the label `verdict`. What is not known is shown like a warning: it is no pass. */
export const VERDICT_COLOURS = { violation: RED, unknown: ORANGE, exempt: BLUE, compliant: TEAL } as const;
