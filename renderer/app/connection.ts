import { useEffect, useState } from 'react';
import { call, refreshAll } from './backend.ts';
import { CallError } from './call-error.ts';
import { jobStore } from './job-store.ts';
import { queryClient } from './query-client.ts';
import { noteSignedOut } from './session.ts';
import { concerns, featureTopics } from './topics.ts';

/** Many tables change at once while a sync runs; screens ask again at most this often (ms). */
const gatherFor = 400;

/**
 * Keeps the window in step with the backend: events, jobs, and what happens when the connection is lost and found.
 * @returns whether the backend can be reached
 */
export function useBackendEvents(): boolean {
  const [connected, setConnected] = useState(true);

  useEffect(() => {
    const topics = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | null = null;
    const invalidate = () => {
      timer = null;
      const changed = [...topics];
      topics.clear();
      void queryClient.invalidateQueries({ predicate: ({ queryKey }) => concerns(String(queryKey[0]), changed, featureTopics) });
    };
    const stopEvents = window.portfolio.onEvent((event) => {
      if (event.event === 'job') jobStore.update(event.job);
      else if (event.event === 'signedOut') {
        noteSignedOut(event.reason);
        // What one school showed must not stay for the one that was restored.
        queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session.status' });
        void queryClient.invalidateQueries({ queryKey: ['session.status'] });
      } else {
        for (const topic of event.topics) topics.add(topic);
        timer ??= setTimeout(invalidate, gatherFor);
      }
    });
    const stopConnection = window.portfolio.onConnection((state) => {
      setConnected(state === 'connected');
      if (state === 'connected') void refreshAll().then(reloadJobs);
    });
    return () => {
      stopEvents();
      stopConnection();
      if (timer) clearTimeout(timer);
    };
  }, []);
  return connected;
}

/** Takes over the backend's list of this account's jobs; before sign-in there is none. */
export async function reloadJobs(): Promise<void> {
  try {
    jobStore.replace((await call('jobs.list', {})).jobs);
  } catch (error) {
    const { code } = CallError.from(error);
    if (code.startsWith('session.')) jobStore.clear();
    else console.warn('jobs could not be listed', code);
  }
}
