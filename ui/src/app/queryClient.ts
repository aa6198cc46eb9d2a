/*
 * queryClient.ts - the cache of the page. A session that has ended anywhere leads to the login
 * screen and back to where the person was. Reads are tried again only when nobody answered.
 */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem } from '../api/problem';

let onLoggedOut: () => void = () => {};

/* The router says what to do when the session is gone. */
export function whenLoggedOut(handler: () => void): void {
  onLoggedOut = handler;
}

function watch(error: unknown): void {
  if (error instanceof ApiProblem && error.status === 401 && error.code === 'login_required') onLoggedOut();
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: watch }),
  mutationCache: new MutationCache({ onError: watch }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) =>
        count < 2 && error instanceof ApiProblem && (error.status === 0 || error.status >= 502),
    },
  },
});
