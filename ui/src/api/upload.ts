/*
 * upload.ts - sends a file as a raw body with progress. fetch cannot report how much has left, so
 * this is the one place that uses XMLHttpRequest.
 */
import i18next from 'i18next';
import type { Schemas } from './client';
import { ApiProblem, unreachable } from './problem';

interface Upload {
  file: File;
  /* Gets the bytes that have left. */
  onProgress?: (bytes: number) => void;
  signal?: AbortSignal;
}

/* Sends the file to an address of the API; its answer, or an ApiProblem, or an AbortError. */
function upload<T>(path: string, { file, onProgress, signal }: Upload): Promise<T> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open('POST', `/api/v1${path}`);
    xhr.setRequestHeader('Content-Type', 'application/octet-stream');
    xhr.setRequestHeader('X-Requested-With', 'sendingo');
    xhr.setRequestHeader('Accept-Language', i18next.language);
    xhr.responseType = 'json';
    xhr.upload.onprogress = (e) => onProgress?.(e.loaded);
    xhr.onload = () =>
      xhr.status >= 200 && xhr.status < 300
        ? resolve(xhr.response as T)
        : reject(ApiProblem.of(xhr.status, xhr.response));
    xhr.onerror = () => reject(unreachable());
    xhr.onabort = () => reject(new DOMException('aborted', 'AbortError'));
    signal?.addEventListener('abort', () => xhr.abort());
    xhr.send(file);
  });
}

/* Makes an import of the file. */
export function uploadImport(template: number | null, what: Upload): Promise<Schemas['Import']> {
  const query = new URLSearchParams({ filename: what.file.name });
  if (template !== null) query.set('template_id', String(template));
  return upload(`/imports?${query}`, what);
}

/* Puts the numbers of a file on the list of those who want nothing. */
export function uploadSuppressions(what: Upload): Promise<Schemas['SuppressionsAdded']> {
  return upload('/suppressions/file', what);
}

/* Takes the workbook with corrected rows back into its import. */
export function uploadCorrections(id: number, what: Upload): Promise<Schemas['ImportCorrections']> {
  return upload(`/imports/${id}/corrections`, what);
}
