/*
 * format.ts - numbers, money, shares, phone numbers and times as people read them.
 *
 * Times are always those of Seoul, whatever zone the browser is in: a send at 23:30 belongs to that
 * day for everybody who talks about it.
 */
export const ZONE = 'Asia/Seoul';
export type Lang = 'ko' | 'en';

const locale = (lang: Lang) => (lang === 'ko' ? 'ko-KR' : 'en-GB');
const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(lang: Lang, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = lang + JSON.stringify(options);
  let f = cache.get(key);
  if (!f) {
    f = new Intl.DateTimeFormat(locale(lang), { timeZone: ZONE, hourCycle: 'h23', ...options });
    cache.set(key, f);
  }
  return f;
}

function parts(ms: number): Record<string, string> {
  const f = formatter('en', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return Object.fromEntries(f.formatToParts(ms).map((p) => [p.type, p.value]));
}

/* 1234567 → "1,234,567" */
export function formatCount(n: number): string {
  return Math.round(n).toLocaleString('en-US');
}

/* 512 → "512 B"; 1536 → "1.5 KB"; 209715200 → "200 MB" */
export function formatBytes(n: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  let u = 0;
  let v = n;
  for (; v >= 1000 && u < units.length - 1; u++) v /= 1024;
  return `${u === 0 || v >= 100 ? Math.round(v) : Math.round(v * 10) / 10} ${units[u]}`;
}

/* 6.5 → "6.5"; 13000 → "13,000"; at most two decimals */
export function formatPrice(n: number): string {
  return n.toLocaleString('en-US', { maximumFractionDigits: 2 });
}

/* 0.98765 → "98.8%"; null → "–". Never rounds up to 100 or down to 0. */
export function formatShare(share: number | null): string {
  if (share === null) return '–';
  if (share === 0) return '0%';
  if (share === 1) return '100%';
  const percent = Math.min(99.9, Math.max(0.1, Math.round(share * 1000) / 10));
  return `${percent}%`;
}

/* "01012345678" → "010-1234-5678"; "0212345678" → "02-1234-5678"; anything else unchanged */
export function formatPhone(phone: string): string {
  const m = /^(02|\d{3})(\d{3,4})(\d{4})$/.exec(phone);
  return m ? `${m[1]}-${m[2]}-${m[3]}` : phone;
}

/* "2026-11-23 17:05" */
export function formatTime(ms: number | null): string {
  if (ms === null) return '–';
  const p = parts(ms);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}`;
}

/* "2026-11-23 17:05:09" */
export function formatSeconds(ms: number | null): string {
  if (ms === null) return '–';
  const p = parts(ms);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}:${p.second}`;
}

/* "11월 23일 17:05" or "23 Nov, 17:05"; the year when it is not this one */
export function formatFriendly(ms: number | null, lang: Lang, now: number = Date.now()): string {
  if (ms === null) return '–';
  const sameYear = parts(ms).year === parts(now).year;
  return formatter(lang, {
    ...(sameYear ? {} : { year: 'numeric' }),
    month: lang === 'ko' ? 'long' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(ms);
}

/* "11월 23일" or "23 Nov"; the year when it is not this one */
export function formatDate(ms: number, lang: Lang, now: number = Date.now()): string {
  const sameYear = parts(ms).year === parts(now).year;
  return formatter(lang, {
    ...(sameYear ? {} : { year: 'numeric' }),
    month: lang === 'ko' ? 'long' : 'short',
    day: 'numeric',
  }).format(ms);
}

/* Hour of a chart's bucket: "17시" or "17:00" */
export function formatHour(ms: number, lang: Lang): string {
  const hour = Number(parts(ms).hour);
  return lang === 'ko' ? `${hour}시` : `${String(hour).padStart(2, '0')}:00`;
}

/* Day of a chart's bucket: "11/23" */
export function formatDay(ms: number): string {
  const p = parts(ms);
  return `${Number(p.month)}/${Number(p.day)}`;
}

/* "11/23 17:05", as a short suffix of names */
export function formatStamp(ms: number): string {
  const p = parts(ms);
  return `${Number(p.month)}/${Number(p.day)} ${p.hour}:${p.minute}`;
}
