/*
 * templates.ts - a template's state as one word, and how the list is searched and filtered.
 */
import type { Schemas } from '../api/client';

export type Template = Schemas['Template'];

export const templateStates = [
  'approved',
  'requested',
  'rejected',
  'registered',
  'stopped',
  'dormant',
  'gone',
] as const;
export type TemplateState = (typeof templateStates)[number];

export const templateColors: Record<TemplateState, string> = {
  approved: 'teal',
  requested: 'blue',
  rejected: 'red',
  registered: 'gray',
  stopped: 'orange',
  dormant: 'yellow',
  gone: 'gray',
};

/* What matters most: an approved template that is stopped is a stopped one. */
export function templateState(x: Pick<Template, 'problem' | 'status' | 'inspection'>): TemplateState {
  if (x.problem?.code === 'gone') return 'gone';
  if (x.status === 'stopped' || x.status === 'dormant') return x.status;
  return x.inspection;
}

export interface TemplateFilter {
  q?: string;
  state?: TemplateState;
  profile?: number;
}

/* Every word must stand in the name, the code or the text. */
function found(x: Template, q: string): boolean {
  const all = `${x.name}\n${x.code}\n${x.title ?? ''}\n${x.content}`.normalize('NFC').toLowerCase();
  return q
    .normalize('NFC')
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

export function filterTemplates(list: Template[], { q, state, profile }: TemplateFilter): Template[] {
  return list.filter(
    (x) =>
      (state === undefined || templateState(x) === state) &&
      (profile === undefined || x.sender_profile_id === profile) &&
      (!q || found(x, q)),
  );
}

/* How many of each state there are, before the state is filtered by. */
export function stateCounts(list: Template[]): Map<TemplateState, number> {
  const counts = new Map<TemplateState, number>();
  for (const x of list) counts.set(templateState(x), (counts.get(templateState(x)) ?? 0) + 1);
  return counts;
}

/* The sentence that stands above the first button of templates that ask people to add the channel. */
export function asksForChannel(type: string): boolean {
  return type === 'AD' || type === 'MI';
}
