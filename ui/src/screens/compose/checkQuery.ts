/*
 * checkQuery.ts - the server's check of a draft, kept like a read: a reload of the preview asks for
 * it again, which freezes and renders the recipients anew.
 */
import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import { campaignQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';

export const checkQuery = (id: number) =>
  queryOptions({
    queryKey: ['campaigns', id, 'check'],
    queryFn: async () => {
      const check = await answer(api.POST('/campaigns/{id}/check', { params: { path: { id } } }));
      queryClient.setQueryData(campaignQuery(id).queryKey, check.campaign);
      queryClient.removeQueries({ queryKey: ['campaigns', id, 'message'] });
      queryClient.removeQueries({ queryKey: ['campaigns', id, 'messages'] });
      return check;
    },
    staleTime: Infinity,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
