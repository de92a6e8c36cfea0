import { X509Certificate } from "node:crypto";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type PeerCertificate } from "node:tls";
import { pino } from "pino";
import { describe, expect, it, onTestFinished } from "vitest";
import { createServer, listen } from "../server.ts";
import { selfSigned } from "./certificate.ts";
import { keyPairFiles } from "./files.ts";
import { KeyPairFollower } from "./follow.ts";
import { selfSignedSource } from "./self-signed.ts";
import { checkKeyPair, type KeyPair, serverTls } from "./serving.ts";

const DAY = 24 * 3_600_000;
const silent = pino({ enabled: false });

function pairFor(commonName: string): KeyPair {
  const now = Date.now();
  const dnsNames = ["localhost"];
  return selfSigned({ commonName, dnsNames, notBefore: new Date(now - DAY), notAfter: new Date(now + DAY) });
}

/** A Secret as the kubelet mounts it: the files are links into a folder that is swapped at once. */
async function mountedSecret() {
  const folder = await mkdtemp(join(tmpdir(), "secret-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  let version = 0;
  const put = async ({ cert, key }: KeyPair) => {
    version += 1;
    await mkdir(join(folder, `..${version}`));
    await writeFile(join(folder, `..${version}`, "tls.crt"), cert);
    await writeFile(join(folder, `..${version}`, "tls.key"), key);
    await symlink(`..${version}`, join(folder, "..data_tmp"));
    await rename(join(folder, "..data_tmp"), join(folder, "..data"));
  };
  const [certFile, keyFile] = [join(folder, "tls.crt"), join(folder, "tls.key")];
  await symlink("..data/tls.crt", certFile);
  await symlink("..data/tls.key", keyFile);
  return { put, certFile, keyFile };
}

/** Connects, and resolves to the server's certificate, or rejects. */
function handshake(port: number, options: object = {}): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", servername: "localhost", ...options }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

async function serve(pair: KeyPair): Promise<{ readonly port: number; readonly server: Server }> {
  const app = createServer({ maxConnections: 8, tls: serverTls(pair) });
  onTestFinished(() => app.close());
  const port = await listen(app, "test", 0, silent, "127.0.0.1");
  if (!(app.server instanceof Server)) throw new Error("the server has no TLS");
  return { port, server: app.server };
}

describe("a self-signed certificate", () => {
  it("is one that clients which trust it take, for its names and its time", async () => {
    const source = selfSignedSource("pod-7f9", () => Date.parse("2026-03-01T10:00:00Z"));
    const { cert, key } = await source();
    const certificate = new X509Certificate(cert);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
    expect(certificate.subjectAltName).toBe("DNS:localhost, DNS:pod-7f9");
    expect(certificate.validFromDate.toISOString()).toBe("2026-03-01T09:00:00.000Z");
    expect(certificate.validToDate.toISOString()).toBe("2027-03-01T10:00:00.000Z");
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(checkKeyPair({ cert, key })).toEqual({ notAfter: "2027-03-01T10:00:00.000Z" });
  });

  it("is verified by a client that is given it, and by no other", async () => {
    const { cert, key } = await selfSignedSource("pod", Date.now)();
    const { port } = await serve({ cert, key });
    expect((await handshake(port, { ca: cert })).subject.CN).toBe("aws-account-scan-operator");
    await expect(handshake(port)).rejects.toThrow(/self.signed/);
  });

  it("is the same for half of its time, and another one then", async () => {
    let now = Date.parse("2026-03-01T10:00:00Z");
    const source = selfSignedSource("pod", () => now);
    const first = await source();
    now += 182 * DAY;
    expect(await source()).toBe(first);
    now += DAY;
    const second = await source();
    expect(second).not.toEqual(first);
    expect(new X509Certificate(second.cert).serialNumber).not.toBe(
      new X509Certificate(first.cert).serialNumber,
    );
  });

  it("leaves out a host name that DNS has no notation for", async () => {
    const { cert } = await selfSignedSource("my_host!", Date.now)();
    expect(new X509Certificate(cert).subjectAltName).toBe("DNS:localhost");
  });
});

it("a server speaks no TLS older than 1.2", async () => {
  const { port } = await serve(pairFor("server"));
  const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };
  const failure = handshake(port, { ...old, rejectUnauthorized: false });
  await expect(failure).rejects.toMatchObject({ code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION" });
  const newer = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2", rejectUnauthorized: false };
  expect((await handshake(port, newer)).subject.CN).toBe("server");
});

describe("a certificate in files", () => {
  it("is taken by new connections once its Secret is replaced", async () => {
    const secret = await mountedSecret();
    await secret.put(pairFor("first"));
    const source = keyPairFiles(secret.certFile, secret.keyFile);
    const pair = await source();
    const { port, server } = await serve(pair);
    const lines: { level: number; msg: string }[] = [];
    const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
    const follower = new KeyPairFollower({ server, source, pair, log });
    const subject = async () => (await handshake(port, { rejectUnauthorized: false })).subject.CN;
    expect(await subject()).toBe("first");
    await follower.look();
    expect(lines).toEqual([]);

    await secret.put(pairFor("second"));
    await follower.look();
    expect(await subject()).toBe("second");
    expect(lines.splice(0)).toMatchObject([{ level: 30, msg: "the server's certificate was replaced" }]);

    const [third, other] = [pairFor("third"), pairFor("other")];
    await secret.put({ cert: third.cert, key: other.key });
    await follower.look();
    await follower.look();
    expect(await subject()).toBe("second");
    expect(lines).toMatchObject([{ level: 40, msg: expect.stringContaining("keeping the old one") }]);
    expect(JSON.stringify(lines)).toContain("the private key is not that of the certificate");
    expect(JSON.stringify(lines)).not.toContain("PRIVATE KEY");

    await secret.put(third);
    await follower.look();
    expect(await subject()).toBe("third");
  });

  it("is read again where the Secret is replaced between the two files", async () => {
    const [before, after] = [pairFor("before"), pairFor("after")];
    const texts = [before.cert, after.key, after.cert, after.key];
    const source = keyPairFiles("tls.crt", "tls.key", async () => texts.shift() ?? "");
    expect(await source()).toEqual(after);
  });

  it.each([
    ["a file that is missing", undefined, /tls\.crt cannot be read: ENOENT.*Mount it/],
    [
      "an empty file",
      { cert: "" },
      /tls\.crt and the key .*tls\.key cannot be used: .*Give a PEM certificate/,
    ],
    ["text that is no certificate", { cert: "hello" }, /cannot be used/],
    [
      "a key that is no key",
      { key: "-----BEGIN PRIVATE KEY-----\nS3cr3t\n-----END PRIVATE KEY-----\n" },
      /cannot be used/,
    ],
    [
      "a key of another certificate",
      { key: pairFor("x").key },
      /the private key is not that of the certificate/,
    ],
  ])("is refused by the name of %s", async (_, changes, message) => {
    const secret = await mountedSecret();
    if (changes !== undefined) await secret.put({ ...pairFor("x"), ...changes });
    const failure = await keyPairFiles(secret.certFile, secret.keyFile)().catch(String);
    expect(failure).toMatch(message);
    expect(failure).not.toContain("S3cr3t");
  });
});
