import { type ParseArgsConfig, parseArgs } from 'node:util';
import { isIsoDay } from '../../domain/roc-date.ts';

/** The command line was not understood: exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Options of a command: with a value, with one value or several, or without. */
export type OptionDeclarations = Readonly<Record<string, 'value' | 'values' | 'flag'>>;

/** Both ends included; an end left out is open. */
export interface Range {
  from?: string;
  to?: string;
}

/** The parsed arguments of a command; each reader refuses what is not of its kind with a sentence that names the option. */
export interface CommandArguments {
  positional: (index: number) => string;
  flag: (name: string) => boolean;
  text: (name: string) => string | undefined;
  required: (name: string) => string;
  texts: (name: string) => string[];
  integer: (name: string, bounds: { min: number; max: number }) => number | undefined;
  /** `FROM..TO`, `FROM..`, `..TO` or one value. */
  range: (name: string) => Range;
  choice: <Choice extends string>(name: string, choices: readonly Choice[]) => Choice | undefined;
  isoDay: (name: string) => string | undefined;
}

function parsedOrRefused(config: ParseArgsConfig & { args: string[] }) {
  try {
    return parseArgs(config);
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (!code?.startsWith('ERR_PARSE_ARGS_')) throw error;
    const option = /'([^' ]+)/.exec((error as Error).message)?.[1] ?? '';
    throw new UsageError(code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? `沒有「${option}」這個選項。` : `「${option}」的值缺少或不正確。`);
  }
}

/**
 * Reads a command's arguments.
 * @param positionals names of what it needs without dashes, for the sentence when one is missing
 * @throws UsageError
 */
export function readArguments(args: string[], declarations: OptionDeclarations, positionals: readonly string[] = []): CommandArguments {
  const options = Object.fromEntries(
    Object.entries(declarations).map(([name, kind]) => [
      name,
      kind === 'flag' ? ({ type: 'boolean' } as const) : ({ type: 'string', multiple: kind === 'values' } as const),
    ]),
  );
  const parsed = parsedOrRefused({ args, options, allowPositionals: true, strict: true });
  if (parsed.positionals.length > positionals.length) throw new UsageError(`多了「${parsed.positionals[positionals.length]}」。`);
  if (parsed.positionals.length < positionals.length) throw new UsageError(`缺少 ${positionals[parsed.positionals.length]}。`);

  const values: Readonly<Record<string, unknown>> = parsed.values;
  const text = (name: string): string | undefined => {
    const value = values[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || value.trim() === '') throw new UsageError(`--${name} 需要一個值。`);
    return value;
  };
  return {
    positional: (index) => parsed.positionals[index]!,
    flag: (name) => values[name] === true,
    text,
    required: (name) => {
      const value = text(name);
      if (value === undefined) throw new UsageError(`缺少 --${name}。`);
      return value;
    },
    texts: (name) => {
      const value = values[name];
      return Array.isArray(value) ? value.map(String) : [];
    },
    integer: (name, { min, max }) => {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
      if (!(number >= min && number <= max)) throw new UsageError(`--${name} 要是 ${min} 到 ${max} 的整數。`);
      return number;
    },
    range: (name) => {
      const value = text(name);
      if (value === undefined) return {};
      const ends = value.split('..');
      if (ends.length > 2 || ends.every((end) => end === '')) throw new UsageError(`--${name} 要寫成「從..到」，例如 101..105。`);
      const [from, to] = ends.length === 1 ? [value, value] : (ends as [string, string]);
      return { ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) };
    },
    choice: (name, choices) => {
      const value = text(name);
      if (value === undefined) return undefined;
      const chosen = choices.find((choice) => choice === value);
      if (chosen === undefined) throw new UsageError(`--${name} 要是 ${choices.join('、')} 其中之一。`);
      return chosen;
    },
    isoDay: (name) => {
      const value = text(name);
      if (value !== undefined && !isIsoDay(value)) throw new UsageError(`--${name} 要是 YYYY-MM-DD 的日期，例如 2026-09-30。`);
      return value;
    },
  };
}
