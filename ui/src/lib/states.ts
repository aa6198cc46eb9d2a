/*
 * states.ts - the colours of message and campaign states, and how counts are gathered for the bar.
 */
import type { Schemas } from '../api/client';

export type MessageState = Schemas['MessageState'];
export type CampaignState = Schemas['CampaignState'];
export type Counts = Schemas['CampaignCounts'];

/* Mantine colour names; meaning is always also in the word beside it. */
export const messageColors: Record<MessageState, string> = {
  queued: 'gray',
  sending: 'blue',
  accepted: 'cyan',
  delivered: 'teal',
  failed: 'red',
  expired: 'orange',
  unknown: 'yellow',
  unsent: 'grape',
  skipped: 'gray',
  cancelled: 'gray',
};

/* What a step of a message's history can say beyond the states. */
export const stepColors: Record<Schemas['MessageDetail']['timeline'][number]['state'], string> = {
  ...messageColors,
  refused: 'orange',
  clicked: 'indigo',
};

export const campaignColors: Record<CampaignState, string> = {
  draft: 'gray',
  checked: 'indigo',
  sending: 'blue',
  paused: 'orange',
  finished: 'teal',
  cancelled: 'gray',
};

/* In the order of the bar, from settled well to not begun. */
export const barStates: MessageState[] = [
  'delivered',
  'accepted',
  'failed',
  'expired',
  'unknown',
  'unsent',
  'sending',
  'queued',
  'skipped',
  'cancelled',
];

/* Messages whose state can still change without a person. */
export function openCount(c: Counts): number {
  return c.queued + c.sending + c.accepted + c.unknown;
}

/* True while the campaign's numbers can still move by themselves. */
export function isMoving(state: CampaignState, counts: Counts): boolean {
  return (
    state === 'sending' ||
    state === 'paused' ||
    ((state === 'finished' || state === 'cancelled') && openCount(counts) > 0)
  );
}

/* Messages that were meant to be sent: all but those skipped before. */
export function intended(c: Counts): number {
  return c.total - c.skipped;
}

/* delivered ÷ (delivered + failed); null when neither exists. */
export function successRate(c: Counts): number | null {
  const settled = c.delivered + c.failed;
  return settled === 0 ? null : c.delivered / settled;
}
