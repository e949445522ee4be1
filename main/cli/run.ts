import { resolve } from 'node:path';
import { defaultDataDirectory } from '../platform/data-location.ts';
import { type ErrorReport, reportOf } from '../platform/errors.ts';
import { keyFileStore, type SecretStore } from '../platform/secret-store.ts';
import { type OptionDeclarations, readArguments, UsageError } from './arguments.ts';
import type { Command } from './command.ts';
import { auditVerifyCommand } from './commands/audit.ts';
import { backupCreateCommand, backupRestoreCommand, backupVerifyCommand } from './commands/backup.ts';
import { centralServeCommand } from './commands/central.ts';
import { doctorCommand } from './commands/doctor.ts';
import { reportCommand, reportListCommand } from './commands/report.ts';
import { rosterCommand } from './commands/roster.ts';
import { slipsCommand } from './commands/slips.ts';
import { studentShowCommand, studentsListCommand } from './commands/students.ts';
import { connectCommand, syncCommand } from './commands/sync.ts';
import { transferExportCommand, transferImportCommand, transferInspectCommand } from './commands/transfer.ts';
import { trialCreateCommand } from './commands/trial.ts';
import { processTerminal, type Terminal } from './terminal.ts';

export const commands: readonly Command[] = [
  trialCreateCommand,
  centralServeCommand,
  connectCommand,
  syncCommand,
  studentsListCommand,
  studentShowCommand,
  transferExportCommand,
  transferInspectCommand,
  transferImportCommand,
  slipsCommand,
  rosterCommand,
  reportListCommand,
  reportCommand,
  auditVerifyCommand,
  backupCreateCommand,
  backupVerifyCommand,
  backupRestoreCommand,
  doctorCommand,
];

/** What every command takes, before or after its name. */
const commonOptions: OptionDeclarations = { data: 'value', account: 'value', json: 'flag', 'password-stdin': 'flag' };

function usageOf({ name, usage }: Command): string {
  return `${name} ${usage}`.trim();
}

function helpText(): string {
  return [
    '學習歷程校管理端：命令列',
    '',
    ...commands.flatMap((command) => [`  ${usageOf(command)}`, `      ${command.summary}`]),
    '',
    '  --data DIR         資料夾（預設為程式自己的資料夾）',
    '  --json             標準輸出只印一個 JSON 值',
    '  --account NAME     執行的帳號（預設為學校管理者），密碼放在環境變數 PORTFOLIO_PASSWORD',
    '  --password-stdin   由標準輸入讀取密碼',
    '',
    '結束狀態：0 完成，1 拒絕或失敗，2 用法不對。',
  ].join('\n');
}

/** The command's words are the first of the line that are no option and no value of one. */
function findCommand(args: readonly string[]): { command: Command; rest: string[] } {
  let at = 0;
  while (at < args.length && args[at]!.startsWith('-')) {
    const takesValue = commonOptions[args[at]!.slice(2)] === 'value';
    at += takesValue ? 2 : 1;
  }
  for (const words of [2, 1]) {
    const name = args.slice(at, at + words).join(' ');
    const command = commands.find((candidate) => candidate.name === name);
    if (command) return { command, rest: [...args.slice(0, at), ...args.slice(at + words)] };
  }
  const asked = args.slice(at, at + 2).filter((word) => !word.startsWith('-'));
  throw new UsageError(
    asked.length === 0 ? '請指定要執行的命令；--help 列出全部。' : `沒有「${asked.join(' ')}」這個命令；--help 列出全部。`,
  );
}

const usageReport = (error: UsageError, command?: Command): ErrorReport => ({
  code: 'usage',
  message: error.message,
  details: command ? { usage: usageOf(command) } : {},
});

/** What the host of the command line knows: the shell of the installed program, or nothing of its own. */
export interface CommandLineHost {
  defaultDataDirectory?: string;
  /** Where this computer keeps master keys; an owner-only file unless the shell gives its own. */
  secretStore?: (dataDirectory: string) => SecretStore;
}

/**
 * Runs one command to its end.
 * @param args without the program's own name
 * @returns the exit status: 0 done, 1 refused or failed, 2 wrong usage
 */
export async function runCommandLine(args: readonly string[], host: CommandLineHost = {}): Promise<number> {
  const terminal: Terminal = processTerminal({ json: args.includes('--json'), passwordFromStdin: args.includes('--password-stdin') });
  if (args.includes('--help') || args[0] === 'help') {
    const help = helpText();
    return terminal.end({ status: 0, answer: { json: { help }, text: help } });
  }
  let command: Command | undefined;
  try {
    const found = findCommand(args);
    command = found.command;
    const read = readArguments(found.rest, { ...commonOptions, ...command.options }, command.positionals);
    const answer = await command.run({
      arguments: read,
      dataDirectory: resolve(read.text('data') ?? host.defaultDataDirectory ?? defaultDataDirectory()),
      accountName: read.text('account'),
      terminal,
      secretStore: host.secretStore ?? keyFileStore,
    });
    return await terminal.end(answer === null ? { status: 0 } : { status: answer.error ? 1 : 0, answer, error: answer.error });
  } catch (error) {
    if (error instanceof UsageError) {
      if (command) terminal.note(`用法：${usageOf(command)}`);
      return terminal.end({ status: 2, error: usageReport(error, command) });
    }
    const report = reportOf(error);
    // What nobody foresaw: the place in the program, for support.
    if (report.code === 'internal') terminal.note((error as Error)?.stack ?? String(error));
    return terminal.end({ status: 1, error: report });
  }
}
