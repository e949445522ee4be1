import { useQueryClient } from '@tanstack/react-query';
import { type Dispatch, type SetStateAction, useEffect, useState } from 'react';

/**
 * State of a screen that stays when the clerk goes to another screen and comes back: a list half gathered, a form half
 * filled. In memory only, and forgotten at sign-out with every other answer (useSessionChange).
 * @param name unique in the program, `transferOut.chosen`
 */
export function useKeptState<State>(name: string, initial: State): [State, Dispatch<SetStateAction<State>>] {
  const client = useQueryClient();
  const [state, setState] = useState<State>(() => client.getQueryData<State>(['kept', name]) ?? initial);
  useEffect(() => {
    client.setQueryDefaults(['kept'], { gcTime: Number.POSITIVE_INFINITY });
    client.setQueryData(['kept', name], state);
  }, [client, name, state]);
  return [state, setState];
}
