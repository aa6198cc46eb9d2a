/*
 * client.ts - the typed client of the API: paths, bodies and answers come from the OpenAPI file.
 *
 * Every request says that it comes from our own page and in which language it wants its problems.
 * `answer` turns a response into its data or throws an ApiProblem; screens never look at status codes.
 */
import createClient from 'openapi-fetch';
import i18next from 'i18next';
import type { components, paths } from './schema';
import { ApiProblem, unreachable } from './problem';

export type Schemas = components['schemas'];

export const api = createClient<paths>({
  baseUrl: '/api/v1',
  headers: { 'X-Requested-With': 'sendingo' },
});

api.use({
  onRequest({ request }) {
    request.headers.set('Accept-Language', i18next.language);
    return request;
  },
});

interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/* The data of a response; an ApiProblem when it is an error or nobody answered. */
export async function answer<T>(call: Promise<Result<T>>): Promise<T> {
  let result: Result<T>;
  try {
    result = await call;
  } catch {
    throw unreachable();
  }
  if (!result.response.ok) throw ApiProblem.of(result.response.status, result.error);
  return result.data as T;
}
