import type { ErrorReport } from '../platform/errors.ts';
import type { SecretStore } from '../platform/secret-store.ts';
import type { CommandArguments, OptionDeclarations } from './arguments.ts';
import type { Terminal } from './terminal.ts';

/** What a command is given beside its arguments. */
export interface CommandContext {
  arguments: CommandArguments;
  dataDirectory: string;
  /** `--account`; without it the school's administrator. */
  accountName: string | undefined;
  terminal: Terminal;
  /** Where the master key of a data directory is kept on this computer. */
  secretStore: (dataDirectory: string) => SecretStore;
}

/** What a command answers: one JSON value for `--json`, and the same as a person reads it. */
export interface CommandAnswer {
  json: object;
  text: string;
  /** The command did its work and the answer is no: exit status 1, `error` beside the rest. */
  error?: ErrorReport;
}

export interface Command {
  /** As typed: `students list`. */
  name: string;
  /** The rest of its usage line: `[--grade G] …`. */
  usage: string;
  /** What it does, one line in Chinese. */
  summary: string;
  options: OptionDeclarations;
  /** Names of the arguments without dashes that it needs, in order. */
  positionals?: readonly string[];
  /** Answers null when it announced its answer already and only then went on (`central serve`). */
  run: (context: CommandContext) => Promise<CommandAnswer | null>;
}
