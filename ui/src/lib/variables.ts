/*
 * variables.ts - the variables of a template's text, as pieces that a bubble can mark, and the text
 * with one more of them. What stands in a real message comes from the server (POST /previews).
 */
export type Piece = { text: string; kind: 'fixed' | 'variable' | 'value' | 'missing' };

const VARIABLE = /#\{([^}]*)\}/g;

/* Splits text at its #{variables}. */
export function markVariables(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const m of text.matchAll(VARIABLE)) {
    if (m.index > at) pieces.push({ text: text.slice(at, m.index), kind: 'fixed' });
    pieces.push({ text: m[0], kind: 'variable' });
    at = m.index + m[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), kind: 'fixed' });
  return pieces;
}

/* Names in order of appearance, each once. */
export function variablesOf(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map((m) => m[1]!))];
}

/* The text with #{name} put over from..to, and where the cursor stands afterwards. */
export function insertVariable(
  text: string,
  name: string,
  from: number,
  to: number,
): { text: string; cursor: number } {
  const variable = `#{${name}}`;
  return { text: text.slice(0, from) + variable + text.slice(to), cursor: from + variable.length };
}

/* What can stand between the braces everywhere: no braces, marks or line breaks. */
export function variableName(typed: string): string {
  return typed.replace(/[#{}@.\r\n]/g, '').trim();
}
