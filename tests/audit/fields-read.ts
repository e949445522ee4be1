/** Names of the fields that a declaration's function reads of what went into a call and came out, however deep. */
export function fieldsRead(read: (input: never, output: never) => unknown): Set<string> {
  const names = new Set<string>();
  const anything = (): object =>
    new Proxy(() => {}, {
      get: (_target, key) => {
        if (key === Symbol.toPrimitive) return () => '1';
        if (key === Symbol.iterator) return [][Symbol.iterator];
        if (typeof key === 'symbol') return undefined;
        // Of an array: what is done with each of its values is done with one.
        if (key === 'map' || key === 'flatMap') return (each: (value: unknown) => unknown) => [each(anything())];
        if (key === 'slice' || key === 'filter') return () => [anything()];
        if (key === 'join') return () => '';
        if (key === 'length') return 1;
        names.add(key);
        return anything();
      },
    });
  try {
    read(anything() as never, anything() as never);
  } catch (error) {
    // What it looks up in a table of words it does not find there; by then it has read the field.
    if (!(error instanceof TypeError)) throw error;
  }
  return names;
}
