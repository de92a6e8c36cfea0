import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeText } from "./safe-text.ts";

describe("safeText", () => {
  it.each([
    [
      "a JSON Web Token",
      "token eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrOHMifQ.c2ln rejected",
      "token [token] rejected",
    ],
    ["an access key id", "key ASIAIOSFODNN7EXAMPLE is unknown", "key [key id] is unknown"],
    [
      "a secret by its name",
      "SecretAccessKey=wJalrXUtnFEMI/K7MDENG&Action=x",
      "SecretAccessKey=[redacted]&Action=x",
    ],
    ["an opaque bearer token", "Authorization: Bearer abc.def-1", "Authorization: [redacted]"],
    ["a key of a profile", "aws_secret_access_key = abc/def+1", "aws_secret_access_key = [redacted]"],
    [
      "credentials in XML",
      "<SecretAccessKey>abc</SecretAccessKey>",
      "<SecretAccessKey>[redacted]</SecretAccessKey>",
    ],
    ["credentials of a container", '"Token":"IQoJb3JpZ2lu"', '"Token":"[redacted]"'],
    ["terminal escapes and line breaks", "a\u001b[31mred\r\nb", "a [31mred b"],
  ])("removes %s", (_what, text, expected) => {
    expect(safeText(text)).toBe(expected);
  });

  it("keeps an ordinary sentence", () => {
    const text =
      "User: arn:aws:sts::123456789012:assumed-role/Scan/x is not authorized to perform: sagemaker:ListDomains";
    expect(safeText(text)).toBe(text);
  });

  it("is one bounded line without control characters, whatever comes in", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 400 }),
        fc.integer({ min: 1, max: 100 }),
        (text, max) => {
          const safe = safeText(text, max);
          expect(safe.isWellFormed()).toBe(true);
          expect(safe.length).toBeLessThanOrEqual(max);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is what is tested
          expect(safe).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        },
      ),
    );
  });
});
