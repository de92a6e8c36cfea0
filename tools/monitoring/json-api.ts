/** What `url` answers as JSON; the caller answers for the type. Throws with the server's words where it refuses. */
export async function getJson<T>(url: string): Promise<T> {
  const answer = await fetch(url);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text}`);
  return JSON.parse(text) as T;
}
