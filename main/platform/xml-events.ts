/**
 * Begin, text and end of elements, out of the XML of office documents as it streams in: elements, attributes, character data, CDATA. A
 * document type is refused, so no entity can grow; the five named ones and numbers are read. Prefixes are left off, `x:row` is `row`.
 */
export interface XmlHandlers {
  open: (name: string, attributes: string) => void;
  text: (text: string) => void;
  close: (name: string) => void;
}

export interface XmlScanner {
  push: (chunk: string) => void;
  /** @throws Error where the document is cut off */
  end: () => void;
}

const namedEntities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function characterOf(code: number): string {
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : '\ufffd';
}

/** Resolves `&amp;`, `&#20013;`, `&#x4e2d;`; what is none of them stays as it is written. */
export function unescapeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (whole, hex, decimal, name) => {
    if (hex) return characterOf(Number.parseInt(hex, 16));
    if (decimal) return characterOf(Number.parseInt(decimal, 10));
    return namedEntities[name.toLowerCase()] ?? whole;
  });
}

/** Text as office documents keep it: `_x000D_` is a character XML has no place for. */
export const plainText = (text: string) =>
  text.includes('_x') ? text.replace(/_x([0-9A-F]{4})_/gi, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 16))) : text;

const localName = (name: string) => name.slice(name.indexOf(':') + 1);

/** The attributes of an element by local name, `r:id` as `id` too. */
export function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name, double, single] of text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    found[localName(name!)] = unescapeXml(double ?? single!);
  }
  return found;
}

/** The end of the tag that begins at `start`; a `>` within quotes is none. -1 where it has not come yet. */
function endOfTag(text: string, start: number): number {
  let from = start;
  for (;;) {
    const end = text.indexOf('>', from);
    if (end < 0) return -1;
    const between = text.slice(from, end);
    const quote = /["']/.exec(between)?.[0];
    if (!quote) return end;
    const closing = text.indexOf(quote, from + between.indexOf(quote) + 1);
    if (closing < 0) return -1;
    from = closing + 1;
  }
}

/**
 * @param longest characters of one tag or one piece of text
 * @throws Error (of the scanner's methods) for what is no well-formed document of that kind
 */
export function scanXml({ open, text, close }: XmlHandlers, longest: number): XmlScanner {
  let rest = '';
  let depth = 0;
  let opened = false;
  const fail = (reason: string): never => {
    throw new Error(`XML: ${reason}`);
  };
  const element = (tag: string) => {
    if (tag.startsWith('/')) {
      depth -= 1;
      if (depth < 0) fail('an end without its beginning');
      close(localName(tag.slice(1).trim()));
      return;
    }
    const empty = tag.endsWith('/');
    const inner = empty ? tag.slice(0, -1) : tag;
    const space = inner.search(/\s/);
    const name = localName(space < 0 ? inner : inner.slice(0, space));
    opened = true;
    open(name, space < 0 ? '' : inner.slice(space + 1));
    if (empty) close(name);
    else depth += 1;
  };
  const until = (position: number, mark: string) => rest.indexOf(mark, position);
  return {
    push: (chunk) => {
      rest += chunk;
      let position = 0;
      while (position < rest.length) {
        const start = rest.indexOf('<', position);
        if (start !== position) {
          const end = start < 0 ? rest.length : start;
          // Text that goes on in the next chunk waits for it: an entity may be cut in two.
          if (start < 0) break;
          if (depth > 0) text(unescapeXml(rest.slice(position, end)));
          position = end;
          continue;
        }
        if (rest.startsWith('<!', position)) {
          if (rest.length - position < 9) break;
          const comment = rest.startsWith('<!--', position);
          const literal = rest.startsWith('<![CDATA[', position);
          if (!comment && !literal) fail('a document type');
          const end = until(position, comment ? '-->' : ']]>');
          if (end < 0) break;
          if (literal) text(rest.slice(position + 9, end));
          position = end + 3;
          continue;
        }
        const end = rest.startsWith('<?', position) ? until(position, '?>') : endOfTag(rest, position + 1);
        if (end < 0) break;
        if (rest[position + 1] === '?') position = end + 2;
        else {
          element(rest.slice(position + 1, end));
          position = end + 1;
        }
      }
      rest = rest.slice(position);
      if (rest.length > longest) fail('a tag or text too long');
    },
    end: () => {
      if (!opened || depth !== 0 || rest.trim() !== '') fail('cut off');
    },
  };
}
