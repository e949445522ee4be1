import { QueryClient } from '@tanstack/react-query';
import { CallError } from './call-error.ts';

/** Refusals have a reason that asking again doesn't change; only a busy database is asked once more. */
const worthAnotherTry = (failures: number, error: Error) => failures < 2 && error instanceof CallError && error.code === 'database.busy';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 5 * 60_000,
      retry: worthAnotherTry,
      refetchOnWindowFocus: false,
      // The backend is on this machine: it answers with or without a network.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});
