import { type ASTNode, Environment, parse as parseCel } from "@marcbachmann/cel-js";
import { type FieldError, printed, type Reason, within } from "./field-error.ts";
import { differenceFromRe2 } from "./re2.ts";
import { fieldSchema, type StructuralSchema, type ValidationRule } from "./schema.ts";
import { isObject, type Json, type Path } from "./yaml/json.ts";

/** A schema's rules, ready to run, in the shape of the schema. */
export interface RuleTree {
  readonly schema: StructuralSchema;
  readonly rules: readonly CompiledRule[];
  readonly child: (key: string) => RuleTree | undefined;
  readonly items: RuleTree | undefined;
}

interface CompiledRule {
  readonly source: ValidationRule;
  readonly passes: Program;
  readonly message: Program | undefined;
  /** The field below that of the rule which it complains of. */
  readonly below: string | undefined;
}

type Program = (self: unknown) => unknown;

/** As much of a message as the API server takes from a `messageExpression`, in bytes. */
const MAX_MESSAGE_BYTES = 5 * 1024;

/**
 * Compiles every rule of a schema. Rules that speak of an earlier object (`oldSelf`) are left out: nothing is known of
 * one here.
 * @throws {Error} on a rule that uses what the evaluator lacks or understands otherwise than the API server.
 */
export function compileRules(schema: StructuralSchema): RuleTree {
  const environment = new Environment().registerVariable("self", "dyn");
  return tree(schema);

  function tree(part: StructuralSchema): RuleTree {
    const fields = new Map(Object.entries(part.properties ?? {}).map(([key, field]) => [key, tree(field)]));
    const others = part.additionalProperties === undefined ? undefined : tree(part.additionalProperties);
    const sources = part["x-kubernetes-validations"] ?? [];
    return {
      schema: part,
      rules: sources.filter(({ rule }) => !/\boldSelf\b/.test(rule)).map(compile),
      child: (key) => fields.get(key) ?? others,
      items: part.items === undefined ? undefined : tree(part.items),
    };
  }

  function compile(source: ValidationRule): CompiledRule {
    const { rule, messageExpression, fieldPath } = source;
    if (fieldPath !== undefined && !/^\.\w+$/.test(fieldPath))
      throw new Error(`the fieldPath ${fieldPath} is not .name`);
    return {
      source,
      passes: program(rule),
      message: messageExpression === undefined ? undefined : program(messageExpression),
      below: fieldPath?.slice(1),
    };
  }

  function program(expression: string): Program {
    checkPatterns(parseCel(expression).ast);
    const { valid, error } = environment.check(expression);
    if (!valid) throw new Error(`the rule ${expression} cannot be evaluated`, { cause: error });
    const run = environment.parse(expression);
    return (self) => run({ self });
  }
}

/**
 * The rules of `tree` that `value` breaks, in the API server's words.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/cel/validation.go
 */
export function evaluateRules(tree: RuleTree, value: Json, path: Path = [], at = ""): FieldError[] {
  if (value === null) return [];
  const errors = tree.rules.length === 0 ? [] : broken(tree, value, path, at);
  if (Array.isArray(value)) {
    const { items } = tree;
    if (items === undefined) return errors;
    return [
      ...errors,
      ...value.flatMap((item, i) => evaluateRules(items, item, [...path, i], within(at, i))),
    ];
  }
  if (!isObject(value)) return errors;
  const inner = Object.entries(value).flatMap(([key, child]) => {
    const below = tree.child(key);
    if (below === undefined) return [];
    return evaluateRules(below, child, [...path, key], within(at, key, fieldSchema(tree.schema, key).isKey));
  });
  return [...errors, ...inner];
}

function broken({ schema, rules }: RuleTree, value: Json, path: Path, at: string): FieldError[] {
  const self = celValue(value, schema);
  return rules.flatMap((rule): FieldError[] => {
    try {
      if (rule.passes(self) === true) return [];
    } catch (error) {
      const why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
      const detail = `${why} evaluating rule: ${rule.source.message?.trim() ?? rule.source.rule.trim()}`;
      return [{ path, field: at, reason: "FieldValueInvalid", value: printed(schema.type ?? ""), detail }];
    }
    const isScalar = typeof value !== "object";
    return [
      {
        path: rule.below === undefined ? path : [...path, rule.below],
        field: rule.below === undefined ? at : within(at, rule.below),
        ...kindOf(rule.source.reason, isScalar ? printed(value) : undefined),
        detail: messageOf(rule, self),
      },
    ];
  });
}

/** Only errors that are of a value tell it. */
function kindOf(
  reason: string | undefined,
  value: string | undefined,
): { reason: Reason; value: string | undefined } {
  switch (reason) {
    case "FieldValueForbidden":
    case "FieldValueRequired":
      return { reason, value: undefined };
    case "FieldValueDuplicate":
      return { reason, value };
    default:
      return { reason: "FieldValueInvalid", value };
  }
}

function messageOf({ source, message }: CompiledRule, self: unknown): string {
  const made = message === undefined ? undefined : textOf(message, self);
  return made ?? source.message?.trim() ?? `failed rule: ${source.rule.trim()}`;
}

/** A message that cannot be made gives way to the rule's fixed one, as does one of several lines. */
function textOf(message: Program, self: unknown): string | undefined {
  try {
    const text = message(self);
    if (typeof text !== "string") return undefined;
    const line = text.trim();
    return line === "" || line.includes("\n") || Buffer.byteLength(line) > MAX_MESSAGE_BYTES
      ? undefined
      : line;
  } catch {
    return undefined;
  }
}

/** A value as CEL has it: integers as such, times as timestamps. What a field's name may not be in CEL is escaped. */
function celValue(value: Json, schema: StructuralSchema | undefined): unknown {
  if (typeof value === "number")
    return Number.isInteger(value) && schema?.type !== "number" ? BigInt(value) : value;
  if (typeof value === "string") return schema?.format?.startsWith("date") ? new Date(value) : value;
  if (Array.isArray(value)) return value.map((item) => celValue(item, schema?.items));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, child]): [string, unknown] => {
    const { field, isKey } =
      schema === undefined ? { field: undefined, isKey: true } : fieldSchema(schema, key);
    return [isKey ? key : escapedName(key), celValue(child, field)];
  });
  return new Map(entries);
}

const RESERVED = new Set([
  ...["true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if"],
  ...["import", "let", "loop", "package", "namespace", "return", "var", "void", "while"],
]);

/** https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules */
function escapedName(name: string): string {
  if (RESERVED.has(name)) return `__${name}__`;
  return name
    .replaceAll("__", "__underscores__")
    .replaceAll(".", "__dot__")
    .replaceAll("-", "__dash__")
    .replaceAll("/", "__slash__");
}

/** @throws {Error} on a pattern that is no literal, or that JavaScript reads otherwise than RE2. */
function checkPatterns(node: unknown): void {
  if (Array.isArray(node)) {
    for (const part of node) checkPatterns(part);
  } else if (isNode(node)) {
    if (node.op === "rcall" && Array.isArray(node.args) && node.args[0] === "matches") {
      const [pattern] = node.args[2] as ASTNode[];
      if (pattern?.op !== "value" || typeof pattern.args !== "string")
        throw new Error("matches() without a literal pattern");
      const difference = differenceFromRe2(pattern.args);
      if (difference !== undefined) throw new Error(`the pattern ${pattern.args} has ${difference}`);
    }
    checkPatterns(node.args);
  }
}

function isNode(value: unknown): value is { readonly op: string; readonly args: unknown } {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}
