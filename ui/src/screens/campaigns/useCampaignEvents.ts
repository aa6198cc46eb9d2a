/*
 * useCampaignEvents.ts - keeps a campaign in the cache current from the server's events while its
 * numbers can move, and asks now and then afterwards (clicks come for days).
 */
import { useEffect, useRef } from 'react';
import type { Schemas } from '../../api/client';
import { campaignQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { isMoving } from '../../lib/states';

const REFRESH_LIST_MS = 2_000;
const ASK_MS = 15_000;

export function useCampaignEvents(campaign: Schemas['Campaign'] | undefined): void {
  const id = campaign?.id;
  const moving = campaign ? isMoving(campaign.state, campaign.counts) : false;
  const refreshed = useRef(0);
  const later = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    if (id === undefined) return;
    const key = campaignQuery(id).queryKey;
    const refreshList = () => {
      clearTimeout(later.current);
      const wait = Math.max(0, refreshed.current + REFRESH_LIST_MS - Date.now());
      later.current = setTimeout(() => {
        refreshed.current = Date.now();
        void queryClient.invalidateQueries({ queryKey: ['campaigns', id, 'messages'] });
        void queryClient.invalidateQueries({ queryKey: ['campaigns', id, 'message'] });
      }, wait);
    };
    if (!moving) {
      refreshList();
      const timer = setInterval(() => {
        void queryClient.invalidateQueries({ queryKey: key, exact: true });
        refreshList();
      }, ASK_MS);
      return () => {
        clearInterval(timer);
        clearTimeout(later.current);
      };
    }
    const source = new EventSource(`/api/v1/campaigns/${id}/events`);
    source.addEventListener('campaign', (e) => {
      queryClient.setQueryData(key, JSON.parse(e.data) as Schemas['Campaign']);
      refreshList();
    });
    return () => {
      source.close();
      clearTimeout(later.current);
    };
  }, [id, moving]);
}
