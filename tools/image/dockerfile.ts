/** What the last stage of a Dockerfile makes of its base image. */
import { type Copy, DockerfileParser, type JSONInstruction } from "dockerfile-ast";

/** Files that a stage takes from another. */
export interface StageCopy {
  /** The other stage's name. */
  readonly from: string;
  /** Absolute, globs among them. */
  readonly sources: readonly string[];
  /** A folder where it ends in a slash or the source is one. */
  readonly destination: string;
}

export interface FinalStage {
  readonly base: string;
  readonly copies: readonly StageCopy[];
  readonly workdir: string;
  readonly user: { readonly uid: number; readonly gid: number };
  readonly exposed: readonly number[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
}

/** What changes no file and nothing of how the process runs. */
const INERT = new Set(["ARG", "LABEL"]);

/**
 * Reads the last stage. Throws for every instruction, form or flag that is not understood: whoever assembles the image
 * by this would leave it out in silence.
 */
export function finalStage(dockerfile: string): FinalStage {
  const instructions = DockerfileParser.parse(dockerfile).getInstructions();
  const start = instructions.findLastIndex((instruction) => instruction.getKeyword() === "FROM");
  const from = instructions[start];
  if (from === undefined) throw new Error("the Dockerfile has no FROM");
  const stage = {
    copies: [] as StageCopy[],
    workdir: "/",
    user: { uid: 0, gid: 0 },
    exposed: [] as number[],
    entrypoint: [] as readonly string[],
    command: [] as readonly string[],
  };
  for (const instruction of instructions.slice(start + 1)) {
    const keyword = instruction.getKeyword();
    const words = instruction.getArguments().map((argument) => argument.getValue());
    if (keyword === "COPY") stage.copies.push(copy(instruction as Copy, words));
    else if (keyword === "WORKDIR") stage.workdir = only(keyword, words);
    else if (keyword === "USER") stage.user = ids(only(keyword, words));
    else if (keyword === "EXPOSE") stage.exposed.push(...words.map(Number));
    else if (keyword === "ENTRYPOINT") stage.entrypoint = list(instruction as JSONInstruction);
    else if (keyword === "CMD") stage.command = list(instruction as JSONInstruction);
    else if (!INERT.has(keyword)) throw new Error(`${keyword} in the last stage is not understood`);
  }
  return {
    base: only(
      "FROM",
      from.getArguments().map((argument) => argument.getValue()),
    ),
    ...stage,
  };
}

function copy(instruction: Copy, words: readonly string[]): StageCopy {
  const [flag, ...others] = instruction.getFlags();
  const name = flag?.getValue();
  if (flag?.getName() !== "from" || !name || others.length > 0)
    throw new Error(`COPY ${words.join(" ")}: only --from=STAGE is understood`);
  const destination = words.at(-1);
  if (words.length < 2 || destination === undefined) throw new Error("COPY needs a source and a destination");
  return { from: name, sources: words.slice(0, -1), destination };
}

/** Numbers: Kubernetes cannot tell whether a name is root. */
function ids(user: string): FinalStage["user"] {
  const [, uid, gid] = /^(\d+):(\d+)$/.exec(user) ?? [];
  if (uid === undefined || gid === undefined) throw new Error(`USER ${user} is not UID:GID`);
  return { uid: Number(uid), gid: Number(gid) };
}

/** The exec form alone: there is no shell for the other one. */
function list(instruction: JSONInstruction): readonly string[] {
  if (instruction.getOpeningBracket() === null) throw new Error(`${instruction.getKeyword()} needs a list`);
  return JSON.parse(instruction.getArgumentsContent() ?? "") as string[];
}

function only(keyword: string, words: readonly string[]): string {
  const [word, ...rest] = words;
  if (word === undefined || rest.length > 0)
    throw new Error(`${keyword} ${words.join(" ")} is not understood`);
  return word;
}
