import { type UseQueryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useCallback, useRef, useState, useSyncExternalStore } from 'react';
import type { JobState } from '../../main/application/contract.ts';
import type { AnswerOf, Contract, InputOf, OperationName, OutputOf } from '../../main/features/contract.ts';
import { CallError } from './call-error.ts';
import { jobStore } from './job-store.ts';
import { queryClient } from './query-client.ts';

/** The renderer's one way to the backend, typed by the contract. Screens use the hooks below and nothing else. */

export { CallError } from './call-error.ts';

type OfKind<Kind extends 'query' | 'command' | 'job'> = {
  [Name in OperationName]: Contract[Name]['kind'] extends Kind ? Name : never;
}[OperationName];
export type QueryName = OfKind<'query'>;
export type CommandName = OfKind<'command'>;
export type JobName = OfKind<'job'>;

/**
 * Calls an operation; of a job, starts it.
 * @throws {CallError} with the backend's code, Chinese message and details
 */
export async function call<Name extends OperationName>(name: Name, input: InputOf<Name>): Promise<AnswerOf<Name>> {
  const outcome = await window.portfolio.call(name, input);
  if (!outcome.ok) {
    // Signed out or locked behind the window's back: ask who is in, and the way in appears by itself.
    if (wayIn.has(outcome.error.code)) void queryClient.invalidateQueries({ queryKey: ['session.status'] });
    throw new CallError(outcome.error);
  }
  return outcome.data as AnswerOf<Name>;
}

const wayIn: ReadonlySet<string> = new Set(['session.required', 'session.locked', 'session.mustChangePassword']);

/** The cache key of a query; all inputs of one operation share its first part. */
export const queryKey = <Name extends QueryName>(name: Name, input: InputOf<Name>) => [name, input] as const;

type QueryOptions<Name extends QueryName> = Pick<
  UseQueryOptions<AnswerOf<Name>, CallError>,
  'enabled' | 'placeholderData' | 'staleTime' | 'refetchInterval'
>;

/** A query of the contract, asked again by itself when the backend says that what it reads has changed. */
export function useQueryOperation<Name extends QueryName>(
  name: Name,
  input: InputOf<Name>,
  options: QueryOptions<Name> = {},
): UseQueryResult<AnswerOf<Name>, CallError> {
  return useQuery<AnswerOf<Name>, CallError>({
    queryKey: queryKey(name, input),
    queryFn: () => call(name, input),
    ...options,
  });
}

export interface CommandHandle<Name extends CommandName | QueryName> {
  /** Resolves with the answer, or with null after a refusal, which then stands in `error`. */
  run: (input: InputOf<Name>) => Promise<AnswerOf<Name> | null>;
  pending: boolean;
  error: CallError | null;
  /** Forgets the refusal. */
  reset: () => void;
}

/** A command (or a query asked once, on a click). Refusals are kept for the screen to show, never thrown. */
export function useCommand<Name extends CommandName | QueryName>(name: Name): CommandHandle<Name> {
  const [state, setState] = useState<{ pending: boolean; error: CallError | null }>({ pending: false, error: null });
  const run = useCallback(
    async (input: InputOf<Name>) => {
      setState({ pending: true, error: null });
      try {
        const answer = await call(name, input);
        setState({ pending: false, error: null });
        return answer;
      } catch (error) {
        setState({ pending: false, error: CallError.from(error) });
        return null;
      }
    },
    [name],
  );
  const reset = useCallback(() => setState({ pending: false, error: null }), []);
  return { run, reset, ...state };
}

export interface JobHandle<Name extends JobName> {
  /** Starts the job. Resolves with its result, or with null when it failed or was cancelled (then see `error`). */
  start: (input: InputOf<Name>) => Promise<OutputOf<Name> | null>;
  cancel: () => void;
  /** Progress and outcome of the job started here, or of one of the same kind still running from before. */
  job: JobState | null;
  running: boolean;
  result: OutputOf<Name> | null;
  /** Null too for a job the clerk cancelled himself. */
  error: CallError | null;
  reset: () => void;
}

/**
 * A job: goes on when the screen is left, and is found again by the screen that comes back while it runs.
 * @param about which of several the job concerns, where screens alike start the same operation; the same while the component is mounted
 */
export function useJob<Name extends JobName>(name: Name, about = ''): JobHandle<Name> {
  const [jobId, setJobId] = useState<string | null>(() => jobStore.runningOf(name, about)?.id ?? null);
  const [starting, setStarting] = useState(false);
  const [refusal, setRefusal] = useState<CallError | null>(null);
  const latest = useRef<string | null>(jobId);
  const job = useSyncExternalStore(jobStore.subscribe, () => (jobId ? jobStore.get(jobId) : null));

  const start = useCallback(
    async (input: InputOf<Name>) => {
      setStarting(true);
      setRefusal(null);
      try {
        const started = (await call(name, input)) as { jobId: string };
        jobStore.startedAbout(started.jobId, about);
        latest.current = started.jobId;
        setJobId(started.jobId);
        const ended = await jobStore.finished(started.jobId);
        return ended.state === 'done' ? (ended.result as OutputOf<Name>) : null;
      } catch (error) {
        setJobId(null);
        setRefusal(CallError.from(error));
        return null;
      } finally {
        setStarting(false);
      }
    },
    [name, about],
  );

  const cancel = useCallback(() => {
    if (latest.current) void cancelJob(latest.current);
  }, []);
  const reset = useCallback(() => {
    setJobId(null);
    setRefusal(null);
  }, []);

  const failure = job?.error && job.state !== 'cancelled' ? new CallError(job.error) : null;
  return {
    start,
    cancel,
    reset,
    job,
    running: job ? job.state === 'running' : starting,
    result: job?.state === 'done' ? (job.result as OutputOf<Name>) : null,
    error: refusal ?? failure,
  };
}

/** Asks a job to stop. One that has just ended by itself needs no cancelling; any other refusal shows on the job. */
export async function cancelJob(jobId: string): Promise<void> {
  try {
    await call('jobs.cancel', { jobId });
  } catch (error) {
    const failure = CallError.from(error);
    if (failure.code !== 'job.notRunning') jobStore.note(jobId, failure.message);
  }
}

/** Takes an ended job out of the tray; one that an earlier run of the program did not finish, for good. */
export async function dismissJob({ id, state }: Pick<JobState, 'id' | 'state'>): Promise<void> {
  try {
    if (state === 'interrupted') await call('jobs.dismiss', { jobId: id });
    jobStore.dismiss(id);
  } catch (error) {
    jobStore.note(id, CallError.from(error).message);
  }
}

/** Asks again every query on the screen: F5, and after the connection was lost. */
export function refreshAll(): Promise<void> {
  return queryClient.invalidateQueries();
}
