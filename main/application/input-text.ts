/**
 * Where a checked input holds a text that no database keeps as it is: half of a surrogate pair becomes another character on the way, and a NUL ends
 * the text for whoever compares it. `filter.name`; null where there is none.
 */
export function unkeepableText(value: unknown, path = ''): string | null {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0') ? null : path;
  if (value === null || typeof value !== 'object') return null;
  for (const [key, inner] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    const found = unkeepableText(key) === null ? unkeepableText(inner, at) : path;
    if (found !== null) return found;
  }
  return null;
}
