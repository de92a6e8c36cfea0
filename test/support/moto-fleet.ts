/** A moto of the calling file's own, and what people do in its accounts. */
import {
  DeleteNotebookInstanceCommand,
  SageMakerClient,
  StopNotebookInstanceCommand,
} from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll } from "vitest";
import type { Fleet, NotebookSpec } from "../../tools/aws-simulator/fleet.ts";
import { type Moto, startMoto } from "../../tools/moto/moto.ts";
import { seedMoto } from "../../tools/moto/seed.ts";
import type { Place } from "./aws-admin.ts";
import { sessionOf } from "./credentials-session.ts";

/** Installing moto comes first on a machine that has none, from PyPI. */
const START_WITHIN_MS = 600_000;

/** Gives the calling file (or describe block) a moto that holds `fleet`, good from `beforeAll` on. */
export function useMoto(fleet: Fleet): () => Moto {
  let moto: Moto | undefined;
  beforeAll(async () => {
    moto = await startMoto();
    await seedMoto(moto.url, fleet);
  }, START_WITHIN_MS);
  afterAll(() => moto?.stop());
  return () => {
    if (!moto) throw new Error("moto starts in beforeAll; ask for it in a hook or a test");
    return moto;
  };
}

/** Deletes a notebook instance and creates it as `notebook` says: the only way to change its internet access. */
export async function recreateNotebook(url: string, place: Place, notebook: NotebookSpec): Promise<void> {
  const { account, region } = place;
  const keys = { accessKeyId: "moto", secretAccessKey: "moto" };
  const credentials = await sessionOf(url, keys, `arn:aws:iam::${account}:role/Owner`);
  const client = new SageMakerClient({ endpoint: url, region, credentials });
  const named = { NotebookInstanceName: notebook.name };
  try {
    await client.send(new StopNotebookInstanceCommand(named));
    await client.send(new DeleteNotebookInstanceCommand(named));
  } finally {
    client.destroy();
  }
  await seedMoto(url, {
    accounts: [{ id: account, name: account, regions: { [region]: { notebooks: [notebook] } } }],
  });
}
