import type { Parameter, RemediationPlan } from "./plan.ts";
import { line, quote } from "./shell.ts";
import { identifierWords } from "./unique-names.ts";

/** A parameter's environment variable: `SecurityGroupIds` of vpc-1 is `SECURITY_GROUP_IDS_VPC_1`. */
export function variableOf({ name, of = "" }: Omit<Parameter, "description">): string {
  const words = [name.replace(/([a-z])([A-Z])/g, "$1_$2"), ...identifierWords(of)];
  return words.join("_").toUpperCase();
}

/** The parameters of all plans, each once. */
export function parametersOf(plans: readonly RemediationPlan[]): Parameter[] {
  const all = plans.flatMap(({ parameters }) => parameters);
  return all.filter((one, at) => all.findIndex((other) => variableOf(one) === variableOf(other)) === at);
}

/** Commands that end the script where a parameter is missing, and make arrays of lists. */
export function readParameters(parameters: readonly Parameter[]): string[] {
  return parameters.flatMap((parameter) => {
    const variable = variableOf(parameter);
    const lines = [`${variable}=\${${variable}:-}`, `need ${variable} ${quote(line(parameter.description))}`];
    if (!isList(parameter.name)) return lines;
    const array = variable.toLowerCase();
    return [
      ...lines,
      // By commas, blanks or lines; separators alone are no value.
      `IFS=$' \\t\\n' read -r -d '' -a ${array} <<<"\${${variable}//,/ }" || true`,
      `if ((\${#${array}[@]} == 0)); then ${variable}='' && need ${variable} ${quote(line(parameter.description))}; fi`,
    ];
  });
}

/** The words that stand for a parameter's value: of a list one each. */
export function parameterWords(plan: RemediationPlan, name: Parameter["name"]): string {
  return isList(name) ? `"\${${arrayOf(plan, name)}[@]}"` : `"$${variableOf(declaredIn(plan, name))}"`;
}

/** The words of what is known, or of the parameter that stands for it. */
export function wordsOf(
  known: string | readonly string[] | undefined,
  plan: RemediationPlan,
  name: Parameter["name"],
): string {
  if (known === undefined) return parameterWords(plan, name);
  return typeof known === "string" ? quote(known) : known.map(quote).join(" ");
}

export function isList(name: Parameter["name"]): boolean {
  return name.endsWith("Ids") || name === "AdditionalCodeRepositories";
}

/** The array that a list is read into. */
export function arrayOf(plan: RemediationPlan, name: Parameter["name"]): string {
  return variableOf(declaredIn(plan, name)).toLowerCase();
}

function declaredIn(
  { parameters }: RemediationPlan,
  name: Parameter["name"],
): Omit<Parameter, "description"> {
  return parameters.find((parameter) => parameter.name === name) ?? { name };
}
