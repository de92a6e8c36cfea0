import { readFile } from "node:fs/promises";
import { safeText } from "../../api/safe-text.ts";
import { checkKeyPair, type KeyPair, type KeyPairSource } from "./serving.ts";

/** The files of a certificate and its key, such as a mounted Secret's `tls.crt` and `tls.key`. */
export function keyPairFiles(
  certFile: string,
  keyFile: string,
  readText: (path: string) => Promise<string> = (path) => readFile(path, "utf8"),
): KeyPairSource {
  const read = (path: string) =>
    readText(path).catch((error: unknown) => {
      const why = messageOf(error);
      throw new Error(`the file ${path} cannot be read: ${why}. Mount it, readable for the operator's user`);
    });
  const look = async (): Promise<KeyPair> => {
    // One after the other: where both are missing, the same one is named each time.
    const cert = await read(certFile);
    const key = await read(keyFile);
    try {
      checkKeyPair({ cert, key });
    } catch (error) {
      throw new Error(
        `the certificate ${certFile} and the key ${keyFile} cannot be used: ${messageOf(error)}. ` +
          "Give a PEM certificate, its chain after it, and its own key, not encrypted",
      );
    }
    return { cert, key };
  };
  // A Secret that is replaced between the two reads gives halves of two pairs: once more, and both are new.
  return () => look().catch(look);
}

function messageOf(error: unknown): string {
  return safeText(error instanceof Error ? error.message : String(error));
}
