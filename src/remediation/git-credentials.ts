/** Whether the repository is a URL with a user's name, a password or a token before its host. */
export function hasCredentials(repository: string | undefined): boolean {
  return repository !== undefined && /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(repository);
}

/** The same URL without them. */
export function withoutCredentials(repository: string): string {
  return repository.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1…@");
}
