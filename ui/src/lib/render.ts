/*
 * render.ts - a sketch of a message in the browser while it is being composed. The truth is what
 * the server renders at the check; this only shows where values will stand.
 */
import type { Schemas } from '../api/client';

type Contact = Pick<Schemas['Contact'], 'name' | 'phone' | 'email' | 'attributes'>;
type Source = Schemas['VariableSource'];

export type Piece = { text: string; kind: 'fixed' | 'variable' | 'value' | 'missing' };

function valueOf(source: Source | undefined, contact: Contact): string {
  if (!source) return '';
  if (source.source === 'text') return source.text ?? '';
  if (source.source === 'attribute') return contact.attributes[source.key ?? ''] ?? '';
  return contact[source.source] ?? '';
}

/*
 * Splits text at its #{variables} and fills them for one contact; an empty value shows the variable's
 * name, marked. Without a contact the variables stand by their names.
 */
export function renderPieces(text: string, values: Record<string, Source>, contact: Contact | null): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const m of text.matchAll(/#\{([^}]*)\}/g)) {
    if (m.index > at) pieces.push({ text: text.slice(at, m.index), kind: 'fixed' });
    const value = contact ? valueOf(values[m[1]!], contact) : '';
    if (value) pieces.push({ text: value, kind: 'value' });
    else pieces.push({ text: m[0], kind: contact ? 'missing' : 'variable' });
    at = m.index + m[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), kind: 'fixed' });
  return pieces;
}
