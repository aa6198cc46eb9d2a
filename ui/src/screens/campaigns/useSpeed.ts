/* useSpeed.ts - how many messages a second have left lately, from the counters as they arrive. */
import { useEffect, useState } from 'react';
import type { Schemas } from '../../api/client';

const WINDOW_MS = 10_000;

interface Speed {
  points: { at: number; left: number }[];
  perSecond: number;
}

export function useSpeed(c: Schemas['Campaign'] | undefined): { perSecond: number } | null {
  const [speed, setSpeed] = useState<Speed>({ points: [], perSecond: 0 });
  const gone = c ? c.counts.total - c.counts.queued - c.counts.skipped - c.counts.cancelled : 0;
  const sending = c?.state === 'sending';
  useEffect(() => {
    if (!sending) return;
    setSpeed((old) => {
      const now = Date.now();
      const points = [...old.points.filter((p) => p.at > now - WINDOW_MS), { at: now, left: gone }];
      const first = points[0]!;
      const seconds = (now - first.at) / 1000;
      return {
        points,
        perSecond: seconds < 1 ? old.perSecond : Math.max(0, Math.round((gone - first.left) / seconds)),
      };
    });
  }, [gone, sending]);
  return sending ? speed : null;
}
