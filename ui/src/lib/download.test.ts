/* download.test.ts - the address of an export carries the filter that is on the screen. */
import { expect, it } from 'vitest';
import { downloadHref, exampleHref } from './download';

it('carries the filter', () => {
  expect(downloadHref('/contacts/export', { format: 'csv', lang: 'ko', q: '김 & 이', group_id: 3 })).toBe(
    '/api/v1/contacts/export?format=csv&lang=ko&q=%EA%B9%80+%26+%EC%9D%B4&group_id=3',
  );
});

it('leaves out what is not set', () => {
  expect(downloadHref('/contacts/export', { q: undefined, group_id: undefined })).toBe(
    '/api/v1/contacts/export',
  );
  expect(downloadHref('/campaigns/{id}/messages/export', { format: 'xlsx', q: '', clicked: false }, 12)).toBe(
    '/api/v1/campaigns/12/messages/export?format=xlsx',
  );
});

it('knows the example of a template', () => {
  expect(exampleHref(7)).toBe('/api/v1/templates/7/workbook');
});
