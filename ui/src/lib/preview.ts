/* preview.ts - the pieces of a rendered message as a bubble shows them, and its plain text with what a text message would lose. */
import type { Schemas } from '../api/client';
import type { Piece } from './variables';

/* Characters that an emphasis title may have. */
export const titleLimit = 50;

/* A gap shows the name of what is missing, as the template writes it. */
export function markMissing(pieces: Schemas['PreviewPiece'][]): Piece[] {
  return pieces.map((p) =>
    p.kind === 'missing' && !p.text.startsWith('#{') ? { ...p, text: `#{${p.text}}` } : p,
  );
}

export function plainText(body: Schemas['PreviewPiece'][], extra: string | null): string {
  const text = markMissing(body)
    .map((p) => p.text)
    .join('');
  return extra ? `${text}\n\n${extra}` : text;
}

/* The text cut where characters begin and end that would be lost; neighbours stay together. */
export function markLost(text: string, lost: string[]): { text: string; lost: boolean }[] {
  const gone = new Set(lost);
  const pieces: { text: string; lost: boolean }[] = [];
  for (const c of text) {
    const last = pieces.at(-1);
    const is = gone.has(c);
    if (last && last.lost === is) last.text += c;
    else pieces.push({ text: c, lost: is });
  }
  return pieces;
}
