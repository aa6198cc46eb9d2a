/*
 * contactForm.ts - a contact as a form, and a form as a request: only what was changed is sent, so
 * that two people with the same contact open do not take back each other's work.
 */
import type { Schemas } from '../api/client';
import { formatPhone } from './format';

type Contact = Schemas['Contact'];

export interface ContactValues {
  name: string;
  phone: string;
  email: string;
  attributes: { key: string; value: string }[];
  group_ids: string[];
}

/* `defaults`: the 미지정 group, in which nobody is by choice. */
export function startValues(c: Contact | null, defaults: ReadonlySet<number>, group?: number): ContactValues {
  const groups = c ? c.groups.map((g) => g.id) : group === undefined ? [] : [group];
  return {
    name: c?.name ?? '',
    phone: c ? formatPhone(c.phone) : '',
    email: c?.email ?? '',
    attributes: Object.entries(c?.attributes ?? {}).map(([key, value]) => ({ key, value })),
    group_ids: groups.filter((id) => !defaults.has(id)).map(String),
  };
}

export function bodyOf(v: ContactValues): Schemas['NewContact'] {
  return {
    name: v.name.trim(),
    phone: v.phone.trim(),
    email: v.email.trim() || null,
    attributes: Object.fromEntries(
      v.attributes.filter((a) => a.key.trim()).map((a) => [a.key.trim(), a.value]),
    ),
    group_ids: v.group_ids.map(Number),
  };
}

export function changeOf(before: ContactValues, now: ContactValues): Schemas['ContactChange'] {
  const old = bodyOf(before);
  return Object.fromEntries(
    Object.entries(bodyOf(now)).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(old[key as keyof typeof old]),
    ),
  );
}

export type AttributeFault = 'nameless' | 'twice';

/* Index of a field → what is wrong with its name. Empty rows are left out, not wrong. */
export function attributeFaults(attributes: ContactValues['attributes']): Map<number, AttributeFault> {
  const seen = new Set<string>();
  const faults = new Map<number, AttributeFault>();
  attributes.forEach(({ key, value }, i) => {
    const name = key.trim();
    if (name === '') {
      if (value.trim() !== '') faults.set(i, 'nameless');
    } else if (seen.has(name)) faults.set(i, 'twice');
    seen.add(name);
  });
  return faults;
}
