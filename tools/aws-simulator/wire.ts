/** The three protocols that the services speak: how requests are read and answers written. */
import { AwsError } from "./errors.ts";
import { Input } from "./input.ts";

/** An HTTP answer but for its request id header. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface Protocol {
  /** Throws `AwsError` where the body is not of this protocol. */
  readInput(body: string): Input;
  success(operation: string, output: Output, requestId: string): Answer;
  failure(error: AwsError, requestId: string): Answer;
}

/** An answer's members, by their names on the wire. Undefined members are left out. */
export interface Output {
  readonly [member: string]: Value;
}
type Value = string | number | boolean | undefined | Output | readonly Value[];

/** https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
export const awsJson: Protocol = {
  readInput(body) {
    let members: unknown;
    try {
      members = JSON.parse(body || "{}");
    } catch {
      throw new AwsError("SerializationException", "the body is not JSON");
    }
    if (typeof members !== "object" || members === null || Array.isArray(members))
      throw new AwsError("SerializationException", "the body is not a JSON object");
    return new Input(members as Record<string, unknown>);
  },
  success: (_operation, output) => json(200, output),
  failure(error) {
    // The services disagree on the case; SDKs read both.
    const message = error.code === "AccessDeniedException" ? "Message" : "message";
    return json(error.status, { __type: error.code, [message]: error.message });
  },
};

/** https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export function awsQuery(namespace: string): Protocol {
  return {
    readInput: readForm,
    success: (operation, output, requestId) =>
      xml(
        200,
        `<${operation}Response xmlns="${namespace}"><${operation}Result>${elements(output)}</${operation}Result>` +
          `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`,
      ),
    failure({ status, code, message }, requestId) {
      const Type = status < 500 ? "Sender" : "Receiver";
      const error = elements({ Error: { Type, Code: code, Message: message }, RequestId: requestId });
      return xml(status, `<ErrorResponse xmlns="${namespace}">${error}</ErrorResponse>`);
    },
  };
}

/** https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html */
export function ec2Query(namespace: string): Protocol {
  return {
    readInput: readForm,
    success: (operation, output, requestId) =>
      xml(
        200,
        `<${operation}Response xmlns="${namespace}">${elements({ requestId, ...output })}</${operation}Response>`,
      ),
    failure({ status, code, message }, requestId) {
      const members = { Errors: { Error: { Code: code, Message: message } }, RequestID: requestId };
      return xml(status, `<Response>${elements(members)}</Response>`);
    },
  };
}

function readForm(body: string): Input {
  return new Input(Object.fromEntries(new URLSearchParams(body)));
}

function json(status: number, output: Output): Answer {
  return { status, contentType: "application/x-amz-json-1.1", body: JSON.stringify(output) };
}

function xml(status: number, body: string): Answer {
  return {
    status,
    contentType: "text/xml;charset=UTF-8",
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
  };
}

function elements(output: Output): string {
  return Object.entries(output)
    .map(([name, value]) => (value === undefined ? "" : `<${name}>${content(value)}</${name}>`))
    .join("");
}

/** Lists are of `<item>`s, as EC2 names them; no answer of STS that is simulated has a list. */
function content(value: Value): string {
  if (isList(value)) return value.map((item) => `<item>${content(item)}</item>`).join("");
  if (typeof value === "object") return elements(value);
  return escapeXml(String(value));
}

/** `Array.isArray` does not narrow readonly arrays. */
function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
