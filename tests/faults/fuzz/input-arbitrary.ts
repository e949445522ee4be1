import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import type { Operation } from '../../../main/application/contract.ts';
import { hostileTexts, hostileValues } from './hostile-texts.ts';

/** Values that an input of this name has in the school at hand: ids, numbers of students, days. */
export type Known = (key: string) => readonly (string | number)[];

/** What is read of JSON Schema, as zod writes it. */
interface Schema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  minimum?: number;
  maximum?: number;
}

const text = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...hostileTexts) }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) });

function textOf({ minLength = 0, maxLength, pattern }: Schema, known: readonly (string | number)[]): Arbitrary<string> {
  const fitting = text.map((value) => value.slice(0, maxLength ?? Number.POSITIVE_INFINITY).padEnd(minLength, 'x'));
  const choices = [{ weight: 2, arbitrary: fitting }];
  if (pattern !== undefined) choices.push({ weight: 6, arbitrary: fc.stringMatching(new RegExp(pattern)) });
  const texts = known.map(String);
  if (texts.length > 0) choices.push({ weight: 8, arbitrary: fc.constantFrom(...texts) });
  return fc.oneof(...choices);
}

function numberOf({ type, minimum, maximum }: Schema, known: readonly (string | number)[]): Arbitrary<number> {
  const [least, most] = [minimum ?? -(2 ** 53 - 1), maximum ?? 2 ** 53 - 1];
  const any =
    type === 'integer' ? fc.maxSafeInteger().map((value) => Math.min(most, Math.max(least, value))) : fc.double({ min: least, max: most });
  const small = fc.integer({ min: Math.ceil(Math.max(least, -2)), max: Math.floor(Math.min(most, Math.max(least, -2) + 5)) });
  const numbers = known.filter((value): value is number => typeof value === 'number' && value >= least && value <= most);
  const familiar = numbers.length > 0 ? [{ weight: 6, arbitrary: fc.constantFrom(...numbers) }] : [];
  return fc.oneof({ weight: 2, arbitrary: small }, { weight: 1, arbitrary: any }, ...familiar);
}

/** What the schema takes, or nearly: rules that JSON Schema cannot say are broken as often as not. */
function fitting(schema: Schema, known: Known, key = ''): Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return fc.oneof(...alternatives.map((one) => fitting(one, known, key)));
  if (Array.isArray(schema.type)) return fc.oneof(...schema.type.map((type) => fitting({ ...schema, type }, known, key)));
  switch (schema.type) {
    case 'object': {
      const shape = Object.entries(schema.properties ?? {}).map(([name, one]) => [name, fitting(one, known, name)] as const);
      if (shape.length === 0 && typeof schema.additionalProperties === 'object') {
        const names = [...known(key).map(String), '__proto__', 'name', 'id'];
        const entry = fc.tuple(fc.constantFrom(...names), fitting(schema.additionalProperties, known, key));
        return fc.array(entry, { maxLength: 4 }).map((entries) => Object.fromEntries(entries));
      }
      return fc.record(Object.fromEntries(shape), { requiredKeys: schema.required ?? [] });
    }
    case 'array': {
      const { minItems = 0, maxItems = minItems + 4 } = schema;
      // `studentIds` holds what `studentId` would.
      const item = fitting(schema.items ?? {}, known, key.replace(/s$/, ''));
      return fc.array(item, { minLength: minItems, maxLength: Math.min(maxItems, minItems + 4) });
    }
    case 'string':
      return textOf(schema, known(key));
    case 'integer':
    case 'number':
      return numberOf(schema, known(key));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return hostile;
  }
}

const hostile: Arbitrary<unknown> = fc.oneof(
  text,
  fc.constantFrom(...hostileValues),
  fc.jsonValue({ maxDepth: 4 }),
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withSparseArray: true }),
);

type Change = { at: number; how: 'replace' | 'remove' | 'add' | 'repeat'; key: string; value: unknown };
const change: Arbitrary<Change> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('replace', 'replace', 'remove', 'add', 'repeat'),
  key: fc.oneof(fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'id', '0', 'length'), text),
  value: hostile,
});

/** A slot somewhere in a value: what holds it, and under which key. */
function slotsOf(root: { value: unknown }): { holder: Record<string, unknown>; key: string }[] {
  const slots: { holder: Record<string, unknown>; key: string }[] = [];
  const visit = (holder: Record<string, unknown>, key: string) => {
    slots.push({ holder, key });
    const value = holder[key];
    if (value !== null && typeof value === 'object') for (const inner of Object.keys(value)) visit(value as Record<string, unknown>, inner);
  };
  visit(root as Record<string, unknown>, 'value');
  return slots;
}

/** As JSON has them: a key called `__proto__` is a key. */
const put = (holder: object, key: string, value: unknown) =>
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });

function changed(value: unknown, changes: readonly Change[]): unknown {
  const root = { value: structuredClone(value) };
  for (const { at, how, key, value: other } of changes) {
    const slots = slotsOf(root);
    const { holder, key: old } = slots[at % slots.length]!;
    const current = holder[old];
    if (how === 'replace') put(holder, old, other);
    else if (how === 'remove') Reflect.deleteProperty(holder, old);
    else if (how === 'repeat' && Array.isArray(current))
      put(
        holder,
        old,
        Array.from({ length: 600 }, () => current[0]),
      );
    else if (how === 'add' && current !== null && typeof current === 'object') put(current, key, other);
    // A change may put in a ring or a thousand levels: there is nothing to go through any more.
    if (how === 'replace' || how === 'add') break;
  }
  return root.value;
}

/** Inputs for an operation: some as its window would send them, some with a part changed, some that have nothing to do with it. */
export function inputsOf({ input }: Operation, known: Known): Arbitrary<unknown> {
  const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as Schema;
  const near = fitting(schema, known);
  return fc.oneof(
    { weight: 6, arbitrary: near },
    {
      weight: 4,
      arbitrary: fc.tuple(near, fc.array(change, { minLength: 1, maxLength: 3 })).map(([value, changes]) => changed(value, changes)),
    },
    { weight: 1, arbitrary: hostile },
  );
}
