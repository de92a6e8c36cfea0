import type { Parameter, RemediationPlan } from "./plan.ts";
import { line, quote } from "./shell.ts";

/** A parameter's environment variable: `SecurityGroupIds` is `SECURITY_GROUP_IDS`. */
export function variableOf(name: Parameter["name"]): string {
  return name.replace(/([a-z])([A-Z])/g, "$1_$2").toUpperCase();
}

/** The parameters of all plans, each once. */
export function parametersOf(plans: readonly RemediationPlan[]): Parameter[] {
  const all = plans.flatMap(({ parameters }) => parameters);
  return all.filter((one, at) => all.findIndex(({ name }) => name === one.name) === at);
}

/** Commands that end the script where a parameter is missing, and make arrays of lists. */
export function readParameters(parameters: readonly Parameter[]): string[] {
  return parameters.flatMap(({ name, description }) => {
    const variable = variableOf(name);
    const check = `need ${variable} ${quote(line(description))}`;
    const lines = [`${variable}=\${${variable}:-}`, check];
    if (!isList(name)) return lines;
    return [...lines, `read -r -a ${arrayOf(name)} <<<"\${${variable}//,/ }"`];
  });
}

/** The words that stand for a parameter's value: of a list one each. */
export function parameterWords(name: Parameter["name"]): string {
  return isList(name) ? `"\${${arrayOf(name)}[@]}"` : `"$${variableOf(name)}"`;
}

/** The words of what is known, or of the parameter that stands for it. */
export function wordsOf(known: string | readonly string[] | undefined, name: Parameter["name"]): string {
  if (known === undefined) return parameterWords(name);
  return typeof known === "string" ? quote(known) : known.map(quote).join(" ");
}

function isList(name: Parameter["name"]): boolean {
  return name.endsWith("Ids");
}

/** The array that a list is read into. */
export function arrayOf(name: Parameter["name"]): string {
  return variableOf(name).toLowerCase();
}
