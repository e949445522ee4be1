/** Where the window lives. A scheme of our own: no file access, no network, one origin. */
export const scheme = 'app';
export const windowAddress = `${scheme}://portfolio/`;
/** Documents that the print window shows: `app://portfolio/print/<token>`. */
export const printPath = '/print/';

/** Files that the window shows in place: `app://portfolio/file/<token>`. */
export const filePath = '/file/';

/**
 * Whether an address is of our own window. Compared by its parts: the `origin` of a scheme of one's own is the text
 * `null` for every such scheme, and a substring can stand anywhere in a hostile address.
 */
export function isOwnAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password, port } = new URL(address);
  return protocol === `${scheme}:` && host === 'portfolio' && username === '' && password === '' && port === '';
}
