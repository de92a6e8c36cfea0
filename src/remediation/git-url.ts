/** Whether a repository's URL holds a user's name, which may be a token, or a password: no plan must show it. */
export function isWithCredentials(url: string | undefined): boolean {
  return url !== undefined && USER_INFO.test(url);
}

/** `url` without what is before its host. */
export function withoutCredentials(url: string): string {
  return url.replace(USER_INFO, "$1");
}

/** https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1 */
const USER_INFO = /^([a-z][a-z\d+.-]*:\/\/)[^/?#]*@/i;
