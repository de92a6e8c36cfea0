import type { Command } from "commander";

/** The page of what the programs' help says: the manual, in one place. */
export function commandsPage(programs: readonly Command[]): string {
  return `<!-- Generated from the programs' own help by npm run generate. -->
# Commands

${programs.map(section).join("\n\n")}
`;
}

function section(program: Command): string {
  return pagesOf(program, program.name(), "##").join("\n\n");
}

/** The page of a command and those of all beneath it, which stand side by side. */
function pagesOf(command: Command, name: string, heading: string): string[] {
  const page = `${heading} ${name}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``;
  return [page, ...command.commands.flatMap((below) => pagesOf(below, `${name} ${below.name()}`, "###"))];
}

/** As a terminal of 100 columns shows it, whatever this one is. */
function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
    writeOut: (piece) => {
      text += piece;
    },
  });
  command.outputHelp();
  return text.trimEnd();
}
