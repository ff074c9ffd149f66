import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { Shell } from '../ui/shell.tsx';
import { NotFound, PageFailure, PagePending } from './fallbacks.tsx';
import { plainParse, plainStringify } from './plain-search.ts';
import {
  auditSearch,
  connectionsSearch,
  documentSearch,
  documentsSearch,
  policySearch,
  reviewSearch,
  signInSearch,
  tieOutSearch,
} from './search.ts';

const root = createRootRoute({ notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import('../pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
});

const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

const overview = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(() => import('../pages/overview/overview-page.tsx'), 'OverviewPage'),
});

const documents = createRoute({
  getParentRoute: () => shell,
  path: '/documents',
  validateSearch: documentsSearch,
  component: lazyRouteComponent(() => import('../pages/documents/documents-page.tsx'), 'DocumentsPage'),
});

const document = createRoute({
  getParentRoute: () => shell,
  path: '/documents/$id',
  validateSearch: documentSearch,
  component: lazyRouteComponent(() => import('../pages/document/document-page.tsx'), 'DocumentPage'),
});

const review = createRoute({
  getParentRoute: () => shell,
  path: '/review',
  validateSearch: reviewSearch,
  component: lazyRouteComponent(() => import('../pages/review/review-page.tsx'), 'ReviewPage'),
});

const reviewItem = createRoute({
  getParentRoute: () => shell,
  path: '/review/$id',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/review', search: { item: params.id } });
  },
});

const tieOut = createRoute({
  getParentRoute: () => shell,
  path: '/tie-out',
  validateSearch: tieOutSearch,
  component: lazyRouteComponent(() => import('../pages/tie-out/tie-out-page.tsx'), 'TieOutPage'),
});

const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('../pages/audit/audit-page.tsx'), 'AuditPage'),
});

const connections = createRoute({
  getParentRoute: () => shell,
  path: '/connections',
  validateSearch: connectionsSearch,
  component: lazyRouteComponent(() => import('../pages/connections/connections-page.tsx'), 'ConnectionsPage'),
});

const mail = createRoute({
  getParentRoute: () => shell,
  path: '/mail',
  component: lazyRouteComponent(() => import('../pages/mail/mail-page.tsx'), 'MailPage'),
});

const policy = createRoute({
  getParentRoute: () => shell,
  path: '/policy',
  validateSearch: policySearch,
  component: lazyRouteComponent(() => import('../pages/policy/policy-page.tsx'), 'PolicyPage'),
});

/** Every address of the command centre. Pages load when they are first opened. */
export function makeRouter() {
  return createRouter({
    routeTree: root.addChildren([
      signIn,
      shell.addChildren([
        overview,
        documents,
        document,
        review,
        reviewItem,
        tieOut,
        connections,
        policy,
        mail,
        audit,
      ]),
    ]),
    parseSearch: plainParse,
    stringifySearch: plainStringify,
    search: { strict: true },
    defaultPreload: 'intent',
    defaultPendingComponent: PagePending,
    defaultErrorComponent: PageFailure,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
