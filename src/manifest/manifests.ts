/**
 * Manifests of AwsAccountScans, judged without a cluster and with the API server's answer: YAML read as kubectl reads
 * it, unknown fields refused as it asks for, defaults, schema and rules of the CRD.
 *
 * What only a cluster can tell stays open: whether the namespace exists, what admission and RBAC say, whether an object
 * of this name exists already and from which it would change, and limits on a request's size. Two things are refused
 * here that kubectl would let pass in silence: a key that stands twice in a mapping, and half of a surrogate pair.
 */
import type { AwsAccountScanSpec } from "../api/generated/awsaccountscan.ts";
import { API_VERSION, GROUP, REPORT, SCAN } from "../api/names.ts";
import { type FieldError, goQuote, isOfName, wordsOf } from "./field-error.ts";
import { hintOf } from "./hint.ts";
import type { Problem } from "./problem.ts";
import { SCAN_SCHEMA } from "./schema.ts";
import { suggest } from "./suggest.ts";
import { duplicateField, type Validate, validatorOf } from "./validator.ts";
import { type ManifestDocument, readDocuments } from "./yaml/documents.ts";
import { isObject, type Json, type JsonObject, type Path } from "./yaml/json.ts";
import { placeAt } from "./yaml/place.ts";

/** An AwsAccountScan as a file gives it, with the CRD's defaults. */
export interface ScanManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name?: string;
    /** Instead of `name`: what the API server completes to a name. */
    readonly generateName?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: AwsAccountScanSpec;
}

/** Something else in the file, which was not looked at. */
export interface SkippedManifest {
  readonly file: string;
  readonly line: number;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** What a file holds. It is good where `problems` is empty; then `scans` has at least one. */
export interface Manifests {
  readonly scans: readonly ScanManifest[];
  readonly skipped: readonly SkippedManifest[];
  /** In the order of the file. */
  readonly problems: readonly Problem[];
  /** Whether rules were left out for other problems, so that mending these may show more. */
  readonly rulesSkipped: boolean;
}

/** Above the 3 MiB that the API server takes as a request; a list of several manifests may come near it. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Lists within lists; kubectl writes none at all. */
const MAX_LIST_DEPTH = 4;

/** Reads the text of a YAML or JSON file; `file` is what problems call it. Pure, and never throws on any text. */
export function parseManifests(text: string, file: string): Manifests {
  const size = Buffer.byteLength(text);
  if (size > MAX_BYTES) {
    return refused(
      file,
      `the file has ${size} bytes; give at most ${MAX_BYTES}, in several files if need be`,
    );
  }
  const { documents, problems } = readDocuments(text);
  const reader = new Reader(file);
  for (const { position, message } of problems) reader.problem({ file, ...position, ...plain(message) });
  for (const document of documents) reader.read(document, document.value, []);
  return reader.result();
}

/** Collects what a file holds. */
class Reader {
  readonly #file: string;
  readonly #validate: Validate = validatorOf(SCAN_SCHEMA);
  readonly #scans: ScanManifest[] = [];
  readonly #skipped: SkippedManifest[] = [];
  readonly #problems: Problem[] = [];
  #rulesSkipped = false;

  constructor(file: string) {
    this.#file = file;
  }

  problem(problem: Problem): void {
    this.#problems.push(problem);
  }

  /** The value at `path` of a document: an object, or a list of such. */
  read(document: ManifestDocument, value: Json, path: Path, listDepth = 0): void {
    if (!isObject(value)) {
      this.#complain(document, path, "this is no object; write apiVersion, kind, metadata and spec");
      return;
    }
    const { apiVersion, kind, items } = value;
    if (typeof apiVersion !== "string" || typeof kind !== "string" || apiVersion === "" || kind === "") {
      const name = typeof apiVersion !== "string" || apiVersion === "" ? "apiVersion" : "kind";
      const example = name === "kind" ? SCAN.kind : API_VERSION;
      const what = value[name] === undefined || value[name] === "" ? "is missing" : "must be a string";
      this.#complain(document, [...path, name], `${name} ${what}; write for example ${name}: ${example}`);
    } else if (kind.endsWith("List") && Array.isArray(items)) {
      this.#readList(document, items, path, { apiVersion, kind }, listDepth);
    } else if (apiVersion === API_VERSION && kind === SCAN.kind) {
      this.#readScan(document, value, path);
    } else if (isForeign(apiVersion, kind)) {
      const line = this.#position(document, path).line;
      this.#skipped.push({ file: this.#file, line, apiVersion, kind, name: nameOf(value) });
    } else {
      this.#complain(
        document,
        [...path, kind === SCAN.kind ? "apiVersion" : "kind"],
        unknownKind(apiVersion, kind),
      );
    }
  }

  result(): Manifests {
    if (this.#scans.length === 0 && this.#problems.length === 0) {
      const others = [...new Set(this.#skipped.map(({ kind }) => kind))].join(", ");
      const holds = others === "" ? "nothing" : `only ${others}`;
      return {
        ...refused(this.#file, `no ${SCAN.kind} here; the file holds ${holds}`),
        skipped: this.#skipped,
      };
    }
    return {
      scans: this.#scans,
      skipped: this.#skipped,
      problems: this.#problems.toSorted((a, b) => a.line - b.line || a.column - b.column),
      rulesSkipped: this.#rulesSkipped,
    };
  }

  /** Items of a list of one kind may leave out what the list says. */
  #readList(
    document: ManifestDocument,
    items: readonly Json[],
    path: Path,
    list: { readonly apiVersion: string; readonly kind: string },
    depth: number,
  ): void {
    if (depth >= MAX_LIST_DEPTH) {
      this.#complain(document, path, `lists within more than ${MAX_LIST_DEPTH} lists`);
      return;
    }
    const kind = list.kind.slice(0, -"List".length);
    for (const [index, item] of items.entries()) {
      if (isObject(item) && kind !== "") {
        item["kind"] ??= kind;
        item["apiVersion"] ??= list.apiVersion;
      }
      this.read(document, item, [...path, "items", index], depth + 1);
    }
  }

  #readScan(document: ManifestDocument, scan: JsonObject, path: Path): void {
    const twice = document.duplicates
      .filter((duplicate) => path.every((step, index) => duplicate.path[index] === step))
      .map((duplicate) => duplicateField(duplicate.path.slice(path.length), duplicate.key));
    const { errors, rulesSkipped } = this.#validate(scan);
    this.#rulesSkipped ||= rulesSkipped;
    for (const error of [...twice, ...errors]) this.#fieldProblem(document, path, error);
    // The checks just made are what the type says.
    if (twice.length + errors.length === 0) this.#scans.push(scan as unknown as ScanManifest);
  }

  #fieldProblem(document: ManifestDocument, root: Path, error: FieldError): void {
    const path = [...root, ...error.path];
    const { place, isWritten } = placeAt(document.place, path);
    const offset = isOfName(error.reason) ? (place.keyOffset ?? place.offset) : place.offset;
    this.problem({
      file: this.#file,
      ...document.positionOf(offset),
      field: error.field,
      message: wordsOf(error),
      hint: (isWritten ? hintOf(error, place) : undefined) ?? error.hint,
      error,
    });
  }

  #complain(document: ManifestDocument, path: Path, message: string): void {
    this.problem({ file: this.#file, ...this.#position(document, path), ...plain(message) });
  }

  #position(document: ManifestDocument, path: Path): { readonly line: number; readonly column: number } {
    return document.positionOf(placeAt(document.place, path).place.offset);
  }
}

/** A problem that is not one of a field. */
function plain(message: string): Pick<Problem, "field" | "message" | "hint" | "error"> {
  return { field: undefined, message, hint: undefined, error: undefined };
}

function refused(file: string, message: string): Manifests {
  const problem = { file, line: 1, column: 1, ...plain(message) };
  return { scans: [], skipped: [], problems: [problem], rulesSkipped: false };
}

/** Whether an object is none of ours, nor meant to be. */
function isForeign(apiVersion: string, kind: string): boolean {
  if (apiVersion === API_VERSION) return kind === REPORT.kind;
  return kind !== SCAN.kind && !apiVersion.startsWith(`${GROUP}/`);
}

function unknownKind(apiVersion: string, kind: string): string {
  const meant = kind === SCAN.kind ? `apiVersion: ${API_VERSION}` : suggest(kind, [SCAN.kind, REPORT.kind]);
  const hint =
    meant === undefined
      ? `this version of awsscan knows ${SCAN.kind} in ${API_VERSION}`
      : `did you mean ${meant}?`;
  return `no kind ${goQuote(kind)} is known in version ${goQuote(apiVersion)}; ${hint}`;
}

function nameOf({ metadata }: JsonObject): string {
  const name = isObject(metadata) ? (metadata["name"] ?? metadata["generateName"]) : undefined;
  return typeof name === "string" ? name : "";
}
