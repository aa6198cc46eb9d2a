/*
 * download.ts - addresses of files to save. A plain link does it: the browser sends the session along
 * and shows the progress; a link cannot send a header, so the language stands in the address.
 */
import type { paths } from '../api/schema';

type Query<P extends keyof paths> = paths[P] extends { get: { parameters: { query?: infer Q } } } ? Q : never;

/* The address of an export, its filter without what is not set. */
export function downloadHref<P extends '/contacts/export' | '/campaigns/{id}/messages/export'>(
  path: P,
  query: Query<P>,
  id?: number,
): string {
  const set = Object.entries(query ?? {}).filter(([, v]) => v !== undefined && v !== '' && v !== false);
  const text = new URLSearchParams(set.map(([k, v]) => [k, String(v)])).toString();
  return `/api/v1${path.replace('{id}', String(id))}${text && `?${text}`}`;
}

export function exampleHref(template: number): string {
  return `/api/v1/templates/${template}/workbook`;
}
