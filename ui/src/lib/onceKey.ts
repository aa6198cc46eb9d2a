/* onceKey.ts - a value for Idempotency-Key: the same request sent again is done once. (randomUUID is not there without https.) */
export function onceKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join(
    '',
  );
}
