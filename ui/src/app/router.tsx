/*
 * router.tsx - every address of the page. Addresses below `inside` need a session; what a person
 * filters or opens stands in the address, so that it can be kept, shared and gone back to.
 */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { sessionQuery } from '../api/queries';
import { ApiProblem } from '../api/problem';
import type { Filter } from '../lib/correction';
import {
  type ContactsSearch,
  type SuppressionReason,
  contactSorts,
  groupSorts,
  suppressionReasons,
} from '../lib/desk';
import type { GroupSort } from '../api/queries';
import { barStates, campaignColors, type CampaignState, type MessageState } from '../lib/states';
import { type ComposeStep, composeSteps } from '../lib/draft';
import { type TemplateFilter, templateStates } from '../lib/templates';
import { Lost, Broken } from './Lost';
import { Shell } from './Shell';
import { queryClient, whenLoggedOut } from './queryClient';

const text = (v: unknown) =>
  typeof v === 'string' && v !== '' ? v : typeof v === 'number' ? String(v) : undefined;
const id = (v: unknown) => (Number.isSafeInteger(Number(v)) && Number(v) > 0 ? Number(v) : undefined);
const oneOf = <T extends string>(v: unknown, all: readonly T[]) => all.find((a) => a === v);
const path = (v: string) => Number(v);

/* Only addresses of this page; nothing leads elsewhere after a login. */
const local = (v: unknown) =>
  typeof v === 'string' && v.startsWith('/') && !v.startsWith('//') && !v.startsWith('/\\') ? v : undefined;

const root = createRootRoute({ notFoundComponent: Lost, errorComponent: Broken });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (s: Record<string, unknown>): { to?: string } => ({ to: local(s.to) }),
  component: lazyRouteComponent(() => import('../screens/session/Login'), 'Login'),
});

const signup = createRoute({
  getParentRoute: () => root,
  path: '/signup',
  component: lazyRouteComponent(() => import('../screens/session/SignUp'), 'SignUp'),
});

/* The API document is a page of its own (docs.html); this address leads there. */
const docs = createRoute({
  getParentRoute: () => root,
  path: '/docs',
  component: () => null,
  beforeLoad: () => window.location.replace('/docs.html'),
});

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401)
        throw redirect({ to: '/login', search: { to: location.href === '/' ? undefined : location.href } });
      throw error;
    }
  },
});

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: lazyRouteComponent(() => import('../screens/home/Home'), 'Home'),
});

const contacts = createRoute({
  getParentRoute: () => inside,
  path: '/contacts',
  validateSearch: (s: Record<string, unknown>): ContactsSearch => ({
    q: text(s.q),
    group: id(s.group),
    sort: oneOf(s.sort, contactSorts),
    at: id(s.at),
    contact: s.contact === 'new' ? 'new' : id(s.contact),
    tab: oneOf(s.tab, ['history'] as const),
  }),
  component: lazyRouteComponent(() => import('../screens/contacts/Contacts'), 'Contacts'),
});

const groups = createRoute({
  getParentRoute: () => inside,
  path: '/groups',
  validateSearch: (s: Record<string, unknown>): { q?: string; sort?: GroupSort; at?: number } => ({
    q: text(s.q),
    sort: oneOf(s.sort, groupSorts),
    at: id(s.at),
  }),
  component: lazyRouteComponent(() => import('../screens/groups/Groups'), 'Groups'),
});

const suppressions = createRoute({
  getParentRoute: () => inside,
  path: '/suppressions',
  validateSearch: (s: Record<string, unknown>): { q?: string; reason?: SuppressionReason; at?: number } => ({
    q: text(s.q),
    reason: oneOf(s.reason, suppressionReasons),
    at: id(s.at),
  }),
  component: lazyRouteComponent(() => import('../screens/suppressions/Suppressions'), 'Suppressions'),
});

const imports = createRoute({
  getParentRoute: () => inside,
  path: '/imports',
  component: lazyRouteComponent(() => import('../screens/imports/Imports'), 'Imports'),
});

const oneImport = createRoute({
  getParentRoute: () => inside,
  path: '/imports/$id',
  params: { parse: (p) => ({ id: path(p.id) }), stringify: (p) => ({ id: String(p.id) }) },
  validateSearch: (
    s: Record<string, unknown>,
  ): { step?: 'rows' | 'confirm'; verdict?: Filter; at?: number } => ({
    step: oneOf(s.step, ['rows', 'confirm'] as const),
    verdict: oneOf(s.verdict, ['ok', 'repaired', 'duplicate', 'error', 'dropped', 'hidden'] as const),
    at: id(s.at),
  }),
  component: lazyRouteComponent(() => import('../screens/imports/ImportPage'), 'ImportPage'),
});

const templates = createRoute({
  getParentRoute: () => inside,
  path: '/templates',
  validateSearch: (s: Record<string, unknown>): TemplateFilter => ({
    q: text(s.q),
    state: oneOf(s.state, templateStates),
    profile: id(s.profile),
  }),
  component: lazyRouteComponent(() => import('../screens/templates/Templates'), 'Templates'),
});

const newTemplate = createRoute({
  getParentRoute: () => inside,
  path: '/templates/new',
  validateSearch: (s: Record<string, unknown>): { from?: number } => ({ from: id(s.from) }),
  component: lazyRouteComponent(() => import('../screens/templates/TemplateEditor'), 'TemplateNew'),
});

const template = createRoute({
  getParentRoute: () => inside,
  path: '/templates/$id',
  params: { parse: (p) => ({ id: path(p.id) }), stringify: (p) => ({ id: String(p.id) }) },
  component: lazyRouteComponent(() => import('../screens/templates/TemplatePage'), 'TemplatePage'),
});

const editTemplate = createRoute({
  getParentRoute: () => inside,
  path: '/templates/$id/edit',
  params: { parse: (p) => ({ id: path(p.id) }), stringify: (p) => ({ id: String(p.id) }) },
  component: lazyRouteComponent(() => import('../screens/templates/TemplateEditor'), 'TemplateEdit'),
});

const campaigns = createRoute({
  getParentRoute: () => inside,
  path: '/campaigns',
  validateSearch: (s: Record<string, unknown>): { state?: CampaignState } => ({
    state: oneOf(s.state, Object.keys(campaignColors) as CampaignState[]),
  }),
  component: lazyRouteComponent(() => import('../screens/campaigns/Campaigns'), 'Campaigns'),
});

const compose = createRoute({
  getParentRoute: () => inside,
  path: '/campaigns/new',
  validateSearch: (
    s: Record<string, unknown>,
  ): { group?: number; template?: number; step?: ComposeStep } => ({
    group: id(s.group),
    template: id(s.template),
    step: oneOf(s.step, composeSteps),
  }),
  component: lazyRouteComponent(() => import('../screens/compose/Compose'), 'ComposeNew'),
});

const recompose = createRoute({
  getParentRoute: () => inside,
  path: '/campaigns/$id/compose',
  params: { parse: (p) => ({ id: path(p.id) }), stringify: (p) => ({ id: String(p.id) }) },
  validateSearch: (s: Record<string, unknown>): { step?: ComposeStep } => ({
    step: oneOf(s.step, composeSteps),
  }),
  component: lazyRouteComponent(() => import('../screens/compose/Compose'), 'ComposeDraft'),
});

const campaign = createRoute({
  getParentRoute: () => inside,
  path: '/campaigns/$id',
  params: { parse: (p) => ({ id: path(p.id) }), stringify: (p) => ({ id: String(p.id) }) },
  validateSearch: (
    s: Record<string, unknown>,
  ): { state?: MessageState; clicked?: boolean; q?: string; message?: number } => ({
    state: oneOf<MessageState>(s.state, barStates),
    clicked: s.clicked === true || s.clicked === 'true' ? true : undefined,
    q: text(s.q),
    message: id(s.message),
  }),
  component: lazyRouteComponent(() => import('../screens/campaigns/CampaignPage'), 'CampaignPage'),
});

const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyRouteComponent(() => import('../screens/settings/Settings'), 'Settings'),
});

const routeTree = root.addChildren([
  login,
  signup,
  docs,
  inside.addChildren([
    home,
    contacts,
    groups,
    suppressions,
    imports,
    oneImport,
    templates,
    newTemplate,
    template,
    editTemplate,
    campaigns,
    compose,
    recompose,
    campaign,
    settings,
  ]),
]);

export const router = createRouter({
  routeTree,
  scrollRestoration: true,
  defaultPendingMs: 300,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
});

whenLoggedOut(() => {
  const { pathname, href } = router.state.location;
  queryClient.removeQueries();
  if (pathname === '/login' || pathname === '/signup') return;
  void router.navigate({ to: '/login', search: { to: href === '/' ? undefined : href } });
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
