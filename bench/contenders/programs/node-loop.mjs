/** What many would write: every page, then 50 describes at once. */
import {
  DescribeNotebookInstanceCommand,
  paginateListNotebookInstances,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import pLimit from "p-limit";

const client = new SageMakerClient({});
const limit = pLimit(50);
const tasks = [];
const tally = { judged: 0, violations: 0, failed: 0 };

for await (const page of paginateListNotebookInstances({ client, pageSize: 100 }, {})) {
  for (const { NotebookInstanceName } of page.NotebookInstances ?? [])
    tasks.push(limit(() => judge(NotebookInstanceName)));
}
await Promise.all(tasks);
console.log(JSON.stringify(tally));

async function judge(NotebookInstanceName) {
  try {
    const answer = await client.send(new DescribeNotebookInstanceCommand({ NotebookInstanceName }));
    tally.judged++;
    if (answer.DirectInternetAccess === "Enabled") tally.violations++;
  } catch {
    tally.failed++;
  }
}
