/** Every operation × every fault × its first, middle and last call, and what of that there cannot be. */
import { FAULTS, type Fault } from "./faults.ts";
import { OPERATIONS, type Operation } from "./operations.ts";

export const POSITIONS = ["first", "middle", "last"] as const;
export type Position = (typeof POSITIONS)[number];

export interface Case {
  /** Tells its accounts from those of the others. */
  readonly index: number;
  readonly operation: Operation;
  readonly fault: Fault;
  readonly position: Position;
  /** The call that the fault strikes, counted from 0. */
  readonly at: number;
}

/** What is left out: there is no such thing. */
interface Impossible {
  readonly faults: readonly string[];
  readonly why: string;
  applies(operation: Operation, position: Position): boolean;
}

const OF_PAGES = ["finds its page token expired", "repeats the end of the page before"];

const IMPOSSIBLE: readonly Impossible[] = [
  {
    faults: OF_PAGES,
    why: "it has no pages",
    applies: ({ laterPages }) => laterPages.length === 0,
  },
  {
    faults: OF_PAGES,
    why: "a first page is asked for without a token and follows none",
    applies: (_, position) => position === "first",
  },
  {
    faults: OF_PAGES,
    why: "it has one later page here, which is the one in the middle",
    applies: ({ laterPages }, position) => position === "last" && laterPages.length === 1,
  },
  {
    faults: ["finds the resource gone"],
    why: "it asks of no resource that was listed; a role that is gone is denied, a unit that is gone an error",
    applies: ({ kind }) => kind === "account" || kind === "list" || kind === "organization",
  },
];

/** Why there is no such case; undefined: there is. */
export function whyNot(operation: Operation, fault: Fault, position: Position): string | undefined {
  return IMPOSSIBLE.find(({ faults, applies }) => faults.includes(fault.name) && applies(operation, position))
    ?.why;
}

export const CASES: readonly Case[] = OPERATIONS.flatMap((operation) =>
  FAULTS.flatMap((fault) =>
    POSITIONS.filter((position) => whyNot(operation, fault, position) === undefined).map((position) => ({
      ...{ operation, fault, position },
      at: callAt(operation, fault, position),
    })),
  ),
).map((each, at) => ({ index: at + 1, ...each }));

/** Whether the fault strikes, and counts, only what asks for a page behind the first. */
export function isOfPages({ name }: Fault): boolean {
  return OF_PAGES.includes(name);
}

function callAt({ calls, laterPages }: Operation, fault: Fault, position: Position): number {
  const struck = isOfPages(fault) ? laterPages : Array.from({ length: calls }, (_, at) => at);
  // The first page of all is none of the later ones, so that the middle is where those begin.
  const middle = isOfPages(fault) ? 0 : Math.floor(struck.length / 2);
  return struck[{ first: 0, middle, last: struck.length - 1 }[position]] ?? 0;
}
