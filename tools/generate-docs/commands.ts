import type { Command } from "commander";

/** The page of what the programs' help says: the manual, in one place. */
export function commandsPage(programs: readonly Command[]): string {
  return `<!-- Generated from the programs' own help by npm run generate. -->
# Commands

${programs.map(section).join("\n\n")}
`;
}

function section(program: Command): string {
  const pages = [program, ...program.commands].map((command) => {
    const name = command === program ? program.name() : `${program.name()} ${command.name()}`;
    return `${command === program ? "##" : "###"} ${name}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``;
  });
  return pages.join("\n\n");
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
