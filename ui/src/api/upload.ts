/*
 * upload.ts - sends a file as a raw body with progress. fetch cannot report how much has left, so
 * this is the one place that uses XMLHttpRequest.
 */
import i18next from 'i18next';
import type { Schemas } from './client';
import { ApiProblem, unreachable } from './problem';

/* Uploads the file and returns the import; `onProgress` gets 0 to 1. Rejects with an ApiProblem. */
export function uploadImport(
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Schemas['Import']> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open('POST', `/api/v1/imports?filename=${encodeURIComponent(file.name)}`);
    xhr.setRequestHeader('Content-Type', 'application/octet-stream');
    xhr.setRequestHeader('X-Requested-With', 'sendingo');
    xhr.setRequestHeader('Accept-Language', i18next.language);
    xhr.responseType = 'json';
    xhr.upload.onprogress = (e) => e.lengthComputable && onProgress(e.loaded / e.total);
    xhr.onload = () =>
      xhr.status === 201
        ? resolve(xhr.response as Schemas['Import'])
        : reject(ApiProblem.of(xhr.status, xhr.response));
    xhr.onerror = () => reject(unreachable());
    xhr.onabort = () => reject(new DOMException('aborted', 'AbortError'));
    signal.addEventListener('abort', () => xhr.abort());
    xhr.send(file);
  });
}
