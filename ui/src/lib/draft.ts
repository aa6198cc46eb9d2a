/*
 * draft.ts - a campaign while it is being composed: what is chosen so far, what is still missing,
 * and its form in the API.
 */
import type { Schemas } from '../api/client';
import type { Source } from './guess';

export const composeSteps = ['recipients', 'template', 'fill', 'preview', 'confirm'] as const;
export type ComposeStep = (typeof composeSteps)[number];

/* From this many messages on, the number is typed before they are sent. */
export const TYPE_FROM = 100;

/* How many days back "lately" may reach. */
export const MOST_DAYS = 365;
export const USUAL_DAYS = 7;

export interface Draft {
  name: string;
  groups: number[];
  except: number[];
  except_days: number | null;
  template_id: number | undefined;
  values: Record<string, Source>;
  links: Record<number, string>;
}

export function draftOf(c: Schemas['Campaign']): Draft {
  return {
    name: c.name,
    groups: c.recipients.groups.map((g) => g.id),
    except: c.recipients.except_groups.map((g) => g.id),
    except_days: c.recipients.except_days,
    template_id: c.template.id,
    values: c.values,
    links: Object.fromEntries(c.links.map((l) => [l.button, l.url])),
  };
}

/* Whom the draft goes to; groups that are no more are left out. */
export function choiceOf(d: Draft, known?: Set<number>): Schemas['RecipientChoice'] {
  const still = (ids: number[]) => (known ? ids.filter((id) => known.has(id)) : ids);
  return { group_ids: still(d.groups), except_group_ids: still(d.except), except_days: d.except_days };
}

/* The sources of the template's variables that are complete enough to look at. */
export function valuesOf(d: Draft, template: Schemas['Template']): Schemas['VariableValues'] {
  return Object.fromEntries(template.variables.flatMap((v) => (d.values[v] ? [[v, d.values[v]]] : [])));
}

export type DraftFault = 'nameMissing' | 'valueMissing' | 'textMissing' | 'linkMissing' | 'linkWrong';

export function isWebAddress(text: string): boolean {
  if (!/^https?:\/\//i.test(text)) return false;
  try {
    return new URL(text).hostname.includes('.') || new URL(text).hostname === 'localhost';
  } catch {
    return false;
  }
}

/* Field → fault for everything the third step still needs; empty when it is complete. */
export function draftFaults(d: Draft, template: Schemas['Template']): Record<string, DraftFault> {
  const faults: Record<string, DraftFault> = {};
  if (!d.name.trim()) faults.name = 'nameMissing';
  for (const v of template.variables) {
    const source = d.values[v];
    if (!source) faults[`values.${v}`] = 'valueMissing';
    else if (source.source === 'text' && !source.text?.trim()) faults[`values.${v}`] = 'textMissing';
  }
  for (const b of template.buttons.filter((x) => x.tracked)) {
    const url = (d.links[b.ordinal] ?? '').trim();
    if (!url) faults[`links.${b.ordinal}`] = 'linkMissing';
    else if (!isWebAddress(url)) faults[`links.${b.ordinal}`] = 'linkWrong';
  }
  return faults;
}

/* The request body; only the template's own variables and tracked buttons go along. */
export function toCampaign(
  d: Draft,
  template: Schemas['Template'],
  known?: Set<number>,
): Schemas['NewCampaign'] {
  return {
    name: d.name.trim(),
    template_id: template.id,
    recipients: choiceOf(d, known),
    values: valuesOf(d, template),
    links: template.buttons
      .filter((b) => b.tracked)
      .map((b) => ({ button: b.ordinal, url: (d.links[b.ordinal] ?? '').trim() })),
  };
}

/* "1,234" typed by a person → 1234; anything that is not a number → null */
export function typedCount(text: string): number | null {
  const digits = text.replace(/[,\s명건]/g, '');
  return /^\d+$/.test(digits) ? Number(digits) : null;
}
