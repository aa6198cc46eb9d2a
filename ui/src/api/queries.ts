/*
 * queries.ts - what the screens read, as TanStack queries. Keys begin with the resource's name, so
 * that a change can refresh everything of that resource.
 */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Filter } from '../lib/correction';
import { isUnderWay } from '../lib/imports';
import { PAGE as ROWS } from '../lib/pages';
import { answer, api, type Schemas } from './client';

const PAGE = 200;
const MOST = 500; // items that the server gives at once

export type GroupSort = 'created' | 'name' | 'members' | 'newest';
/* The gateway is asked for the balance at most this often, unless a person or a send asks. */
export const BALANCE_MS = 60_000;

interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
const next = (p: Page<unknown>) => p.next_cursor ?? undefined;

/* Reads a list to its end; for lists a person can look over. */
async function whole<T>(page: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const p = await page(cursor);
    items.push(...p.items);
    cursor = next(p);
  } while (cursor);
  return items;
}

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: () => answer(api.GET('/status')),
  staleTime: 60_000,
});

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => answer(api.GET('/sessions/current')),
  staleTime: 60_000,
  retry: false,
});

export const profilesQuery = queryOptions({
  queryKey: ['profiles'],
  queryFn: () =>
    whole((cursor) => answer(api.GET('/sender-profiles', { params: { query: { cursor, limit: PAGE } } }))),
});

export const balanceQuery = (id: number) =>
  queryOptions({
    queryKey: ['profiles', id, 'balance'],
    queryFn: () => answer(api.GET('/sender-profiles/{id}/balance', { params: { path: { id } } })),
    retry: false,
    staleTime: BALANCE_MS,
  });

/* For invalidating every profile's balance after something was sent. */
export const isBalance = (query: { queryKey: readonly unknown[] }) =>
  query.queryKey[0] === 'profiles' && query.queryKey[2] === 'balance';

export const groupsQuery = queryOptions({
  queryKey: ['groups', 'all'],
  queryFn: () =>
    whole((cursor) => answer(api.GET('/groups', { params: { query: { cursor, limit: MOST } } }))),
});

export interface GroupFilter {
  q?: string;
  sort?: GroupSort;
}

export const groupListQuery = ({ q, sort }: GroupFilter) =>
  infiniteQueryOptions({
    queryKey: ['groups', 'list', q ?? '', sort ?? ''],
    queryFn: ({ pageParam, signal }) =>
      answer(api.GET('/groups', { params: { query: { q, sort, limit: PAGE, cursor: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: next,
  });

export const groupQuery = (id: number) =>
  queryOptions({
    queryKey: ['groups', 'one', id],
    queryFn: () => answer(api.GET('/groups/{id}', { params: { path: { id } } })),
  });

export type ContactMatch = Schemas['ContactMatch'];

export const contactsQuery = ({ q, group_id }: ContactMatch, sort?: Schemas['ContactSort']) =>
  infiniteQueryOptions({
    queryKey: ['contacts', 'list', q ?? '', group_id ?? 0, sort ?? ''],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/contacts', {
          params: { query: { q, group_id, sort, limit: PAGE, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: next,
  });

/* Exactly how many match. */
export const contactCountQuery = ({ q, group_id }: ContactMatch) =>
  queryOptions({
    queryKey: ['contacts', 'count', q ?? '', group_id ?? 0],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/contacts/count', { params: { query: { q, group_id } }, signal }))).count,
  });

export const contactQuery = (id: number) =>
  queryOptions({
    queryKey: ['contacts', 'one', id],
    queryFn: () => answer(api.GET('/contacts/{id}', { params: { path: { id } } })),
    refetchOnWindowFocus: false, // somebody may be typing into it
  });

export const contactMessagesQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: ['contacts', 'messages', id],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/contacts/{id}/messages', {
          params: { path: { id }, query: { limit: 50, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: next,
  });

export interface SuppressionFilter {
  q?: string;
  reason?: Schemas['Suppression']['reason'];
}

export const suppressionsQuery = ({ q, reason }: SuppressionFilter) =>
  infiniteQueryOptions({
    queryKey: ['suppressions', 'list', q ?? '', reason ?? ''],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET('/suppressions', {
          params: { query: { q, reason, limit: PAGE, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: next,
  });

/* The entry of one number; null when nothing keeps it from being sent to. */
export const suppressionOfQuery = (phone: string) =>
  queryOptions({
    queryKey: ['suppressions', 'of', phone],
    queryFn: async () => {
      const { items } = await answer(
        api.GET('/suppressions', { params: { query: { q: phone, limit: PAGE } } }),
      );
      return items.find((s) => s.phone === phone) ?? null;
    },
  });

/* The first contacts of a group: enough to sketch messages and to learn attribute names. */
export const sampleQuery = (group_id: number | undefined) =>
  queryOptions({
    queryKey: ['contacts', 'sample', group_id ?? 0],
    queryFn: () => answer(api.GET('/contacts', { params: { query: { group_id, limit: 50 } } })),
    enabled: group_id !== undefined,
  });

/* The list asks again by itself while one of them is under way. */
export const importsQuery = infiniteQueryOptions({
  queryKey: ['imports', 'list'],
  queryFn: ({ pageParam }) =>
    answer(api.GET('/imports', { params: { query: { limit: 20, cursor: pageParam } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: next,
  refetchInterval: (query) => (query.state.data?.pages.some((p) => p.items.some(isUnderWay)) ? 1_000 : false),
});

export const importQuery = (id: number) =>
  queryOptions({
    queryKey: ['imports', id],
    queryFn: () => answer(api.GET('/imports/{id}', { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data && isUnderWay(query.state.data) ? 500 : false),
  });

/* One page of an import's rows, from anywhere; what nobody looks at any more is forgotten soon. */
export const importRowsQuery = (id: number, verdict: Filter, page: number) =>
  queryOptions({
    queryKey: ['imports', id, 'rows', verdict ?? '', page],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/imports/{id}/rows', {
          params: { path: { id }, query: { verdict, offset: page * ROWS, limit: ROWS } },
          signal,
        }),
      ),
    gcTime: 60_000,
  });

export const templatesQuery = queryOptions({
  queryKey: ['templates'],
  queryFn: () =>
    whole((cursor) => answer(api.GET('/templates', { params: { query: { cursor, limit: PAGE } } }))),
});

export const templateQuery = (id: number) =>
  queryOptions({
    queryKey: ['templates', id],
    queryFn: () => answer(api.GET('/templates/{id}', { params: { path: { id } } })),
  });

export const versionsQuery = (id: number) =>
  queryOptions({
    queryKey: ['templates', id, 'versions'],
    queryFn: () =>
      whole((cursor) =>
        answer(
          api.GET('/templates/{id}/versions', { params: { path: { id }, query: { cursor, limit: PAGE } } }),
        ),
      ),
  });

/* What the rules say about a template that is being written; the last answer stays until the next. */
export const templateCheckQuery = (body: Schemas['TemplateForm']) =>
  queryOptions({
    queryKey: ['template-check', body],
    queryFn: ({ signal }) => answer(api.POST('/template-checks', { body, signal })),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: Infinity,
    gcTime: 60_000,
  });

/* How many a choice comes to; the last number stays until the next is there. */
export const recipientCountQuery = (body: Schemas['NewRecipientCount']) =>
  queryOptions({
    queryKey: ['recipient-count', body],
    queryFn: ({ signal }) => answer(api.POST('/recipient-counts', { body, signal })),
    placeholderData: keepPreviousData,
    enabled: body.recipients.group_ids.length > 0,
    retry: false,
  });

/* One recipient's message; the last one stays on the screen until the next is there. */
export const previewQuery = (body: Schemas['NewPreview']) =>
  queryOptions({
    queryKey: ['previews', body],
    queryFn: ({ signal }) => answer(api.POST('/previews', { body, signal })),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 15_000,
    gcTime: 60_000,
  });

export const campaignsQuery = (state: Schemas['CampaignState'] | undefined) =>
  infiniteQueryOptions({
    queryKey: ['campaigns', 'list', state ?? ''],
    queryFn: ({ pageParam }) =>
      answer(api.GET('/campaigns', { params: { query: { state, limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: next,
  });

export const recentCampaignsQuery = queryOptions({
  queryKey: ['campaigns', 'recent'],
  queryFn: () => answer(api.GET('/campaigns', { params: { query: { limit: 5 } } })),
});

export const campaignQuery = (id: number) =>
  queryOptions({
    queryKey: ['campaigns', id],
    queryFn: () => answer(api.GET('/campaigns/{id}', { params: { path: { id } } })),
  });

export interface MessageFilter {
  state?: Schemas['MessageState'];
  clicked?: boolean;
  q?: string;
}

export const messagesQuery = (id: number, filter: MessageFilter) =>
  infiniteQueryOptions({
    queryKey: ['campaigns', id, 'messages', filter.state ?? '', filter.clicked ?? false, filter.q ?? ''],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/campaigns/{id}/messages', {
          params: {
            path: { id },
            query: {
              state: filter.state,
              clicked: filter.clicked || undefined,
              q: filter.q || undefined,
              limit: PAGE,
              cursor: pageParam,
            },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: next,
  });

export const messageQuery = (id: number, ordinal: number) =>
  queryOptions({
    queryKey: ['campaigns', id, 'message', ordinal],
    queryFn: () =>
      answer(api.GET('/campaigns/{id}/messages/{ordinal}', { params: { path: { id, ordinal } } })),
  });

export const summaryQuery = queryOptions({
  queryKey: ['statistics', 'summary'],
  queryFn: () => answer(api.GET('/statistics/summary')),
  refetchInterval: 15_000,
});

export const hoursQuery = (hours: number) =>
  queryOptions({
    queryKey: ['statistics', 'hours', hours],
    queryFn: () => {
      const to = Date.now();
      return answer(
        api.GET('/statistics/hours', { params: { query: { from: to - hours * 3_600_000, to } } }),
      );
    },
    refetchInterval: 30_000,
  });
