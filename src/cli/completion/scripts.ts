import type { CompletedCommand, CompletedFlag, CompletionModel } from "./model.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** The completion script of a program for each shell. All names in it are the program's own. */
export const COMPLETION_SCRIPTS: Readonly<Record<Shell, (model: CompletionModel) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html */
function bashScript({ program, commands }: CompletionModel): string {
  const fn = functionName(program);
  const cases = commands.map(
    ({ name, words, flags }) => `    ${name})
      case "$previous" in
${flags.filter(takesValue).map(bashValue).join("\n")}
      esac
      COMPREPLY=($(compgen -W '${[...words, ...names(flags)].join(" ")}' -- "$word"))
      ;;`,
  );
  return `# bash completion of ${program}. Load it now: source <(${program} completion bash)
${fn}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}"
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(" ")}' -- "$word"))
    return
  fi
  case "$command" in
${cases.join("\n")}
  esac
}
complete -F ${fn} ${program}
`;
}

function bashValue(flag: CompletedFlag): string {
  const pattern = [flag.short, flag.long].filter(Boolean).join("|");
  const { choices, isFile } = flag.value ?? { choices: [], isFile: false };
  const words = isFile ? `compgen -f -- "$word"` : `compgen -W '${choices.join(" ")}' -- "$word"`;
  return `        ${pattern}) COMPREPLY=($(${words})); return ;;`;
}

/** https://zsh.sourceforge.io/Doc/Release/Completion-System.html */
function zshScript({ program, commands }: CompletionModel): string {
  const fn = functionName(program);
  const described = commands.map(({ name, description }) => `    '${name}:${description}'`);
  const cases = commands.map(
    (command) => `    ${command.name})
      _arguments -s ${zshFlags(command).join(" ")} '*:argument:${zshWords(command)}'
      ;;`,
  );
  return `#compdef ${program}
# zsh completion of ${program}. Load it now: source <(${program} completion zsh)
${fn}() {
  local -a commands=(
${described.join("\n")}
  )
  if ((CURRENT == 2)); then
    _describe -t commands command commands
    return
  fi
  local command="\${words[2]}"
  shift words
  ((CURRENT--))
  case "$command" in
${cases.join("\n")}
  esac
}
compdef ${fn} ${program}
`;
}

function zshFlags({ flags }: CompletedCommand): string[] {
  return flags.flatMap((flag) =>
    names([flag]).map((name) => {
      const value = flag.value && `:value:${zshValues(flag.value)}`;
      return `'${name}[${flag.description}]${value ?? ""}'`;
    }),
  );
}

function zshWords({ words }: CompletedCommand): string {
  return words.length > 0 ? `(${words.join(" ")})` : "_default";
}

function zshValues({ choices, isFile }: NonNullable<CompletedFlag["value"]>): string {
  if (isFile) return "_files";
  return choices.length > 0 ? `(${choices.join(" ")})` : " ";
}

/** https://fishshell.com/docs/current/completions.html */
function fishScript({ program, commands }: CompletionModel): string {
  const lines = commands.flatMap(({ name, description, words, flags }) => [
    `complete -c ${program} -f -n __fish_use_subcommand -a ${name} -d '${description}'`,
    ...(words.length > 0
      ? [`complete -c ${program} -f -n '__fish_seen_subcommand_from ${name}' -a '${words.join(" ")}'`]
      : []),
    ...flags.map(
      (flag) => `complete -c ${program} -n '__fish_seen_subcommand_from ${name}' ${fishFlag(flag)}`,
    ),
  ]);
  return `# fish completion of ${program}. Load it now: ${program} completion fish | source\n${lines.join("\n")}\n`;
}

function fishFlag({ short, long, description, value }: CompletedFlag): string {
  return [
    ...(short === undefined || short === long ? [] : [`-s ${short.slice(1)}`]),
    `-l ${long.slice(2)}`,
    ...(value === undefined ? [] : [value.isFile ? "-r -F" : "-x"]),
    ...(value && value.choices.length > 0 ? [`-a '${value.choices.join(" ")}'`] : []),
    `-d '${description}'`,
  ].join(" ");
}

function takesValue({ value }: CompletedFlag): boolean {
  return value !== undefined;
}

function names(flags: readonly CompletedFlag[]): string[] {
  return flags.flatMap(({ short, long }) => [...new Set([short, long])].filter((name) => name !== undefined));
}

function functionName(program: string): string {
  return `_${program.replaceAll("-", "_")}`;
}
