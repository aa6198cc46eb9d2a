/* address.ts - the address of an import, at its beginning. */
export const importAddress = (id: number) => ({
  to: '/imports/$id' as const,
  params: { id },
  search: { step: undefined, verdict: undefined, at: undefined },
});
