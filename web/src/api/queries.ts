import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { read } from './client.ts';
import type {
  AuditPage,
  AuditVerdict,
  ConnectionForm,
  ConnectionRow,
  DocumentDetail,
  DocumentPage,
  Evidence,
  MailSettings,
  Me,
  Overview,
  PolicyPage,
  PolicyVersions,
  ReviewItem,
  ReviewRow,
  SetUpPlan,
  SystemForm,
  Target,
  TargetKind,
  TieOut,
} from './types.ts';

/** There is no event stream yet: pages poll. TanStack Query pauses it while the tab is hidden. */
const POLL_MS = 3_000;
const SLOW_POLL_MS = 30_000;
/** Polling reads all loaded pages again, so it stops when somebody has scrolled far into a long list. */
const POLLED_PAGES = 3;
const PAGE_ROWS = '100';

export interface DocumentFilter {
  state?: string | undefined;
  project?: string | undefined;
  q?: string | undefined;
  kind?: string | undefined;
  owner?: string | undefined;
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => read<Me>('/me', {}, signal),
  refetchInterval: SLOW_POLL_MS,
  staleTime: SLOW_POLL_MS,
});

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => read<Overview>('/overview', {}, signal),
  refetchInterval: POLL_MS,
});

export const documentsQuery = (filter: DocumentFilter) =>
  infiniteQueryOptions({
    queryKey: ['documents', filter],
    queryFn: ({ signal, pageParam }) =>
      read<DocumentPage>('/documents', { ...filter, limit: PAGE_ROWS, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > POLLED_PAGES ? false : POLL_MS),
  });

export const documentQuery = (id: string) =>
  queryOptions({
    queryKey: ['document', id],
    queryFn: ({ signal }) => read<DocumentDetail>(`/documents/${encodeURIComponent(id)}`, {}, signal),
    refetchInterval: POLL_MS,
  });

export const evidenceQuery = (id: string) =>
  queryOptions({
    queryKey: ['evidence', id],
    queryFn: ({ signal }) => read<Evidence>(`/documents/${encodeURIComponent(id)}/evidence`, {}, signal),
    refetchInterval: SLOW_POLL_MS,
    staleTime: SLOW_POLL_MS,
  });

export const reviewQuery = queryOptions({
  queryKey: ['review'],
  queryFn: async ({ signal }) =>
    (await read<{ rows: ReviewRow[] }>('/review', { state: 'open' }, signal)).rows,
  refetchInterval: POLL_MS,
});

export const reviewItemQuery = (id: string) =>
  queryOptions({
    queryKey: ['review-item', id],
    queryFn: ({ signal }) => read<ReviewItem>(`/review/${encodeURIComponent(id)}`, {}, signal),
    refetchInterval: POLL_MS,
  });

export type TieOutPath = '/tie-out' | '/tie-out/budgets' | '/tie-out/direct-costs';

/** Of committed cost, or of another measure with an address of its own. */
export const tieOutQuery = (path: TieOutPath) =>
  queryOptions({
    queryKey: ['tie-out', path],
    queryFn: ({ signal }) => read<TieOut>(path, {}, signal),
    refetchInterval: POLL_MS,
  });

export const targetsQuery = (kind: TargetKind, q: string, scope: string) =>
  queryOptions({
    queryKey: ['targets', kind, q, scope],
    queryFn: async ({ signal }) =>
      (await read<{ rows: Target[] }>('/targets', { kind, q, scope }, signal)).rows,
    placeholderData: keepPreviousData,
    staleTime: SLOW_POLL_MS,
  });

export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: async ({ signal }) => (await read<{ rows: ConnectionRow[] }>('/connections', {}, signal)).rows,
  refetchInterval: POLL_MS,
});

export const systemsQuery = queryOptions({
  queryKey: ['systems'],
  queryFn: async ({ signal }) => (await read<{ rows: SystemForm[] }>('/systems', {}, signal)).rows,
  staleTime: Number.POSITIVE_INFINITY,
});

/** What is typed over it must not be replaced while somebody types, so it is read once. */
export const connectionFormQuery = (id: string) =>
  queryOptions({
    queryKey: ['connection-form', id],
    queryFn: ({ signal }) => read<ConnectionForm>(`/connections/${encodeURIComponent(id)}`, {}, signal),
    refetchOnWindowFocus: false,
  });

export interface SetUpWish {
  /** Absent: the webhook keeps the address that it has. */
  address?: string;
  freshSecret: boolean;
}

/** Asks Procore how it stands: never by itself, only for a person who wants to know. */
export const setUpQuery = (wish: SetUpWish | null) =>
  queryOptions({
    queryKey: ['set-up', wish],
    queryFn: ({ signal }) =>
      read<SetUpPlan>(
        '/set-up',
        { address: wish?.address, freshSecret: wish?.freshSecret ? 'true' : undefined },
        signal,
      ),
    enabled: wish !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });

export const policyQuery = queryOptions({
  queryKey: ['policy'],
  queryFn: ({ signal }) => read<PolicyPage>('/policy', {}, signal),
  refetchInterval: POLL_MS,
});

export const mailQuery = queryOptions({
  queryKey: ['mail'],
  queryFn: ({ signal }) => read<MailSettings>('/mail', {}, signal),
  refetchInterval: POLL_MS,
});

/** Named by the version that counts: a new one has a history of its own, and none changes by itself. */
export const policyVersionsQuery = (version: number) =>
  infiniteQueryOptions({
    queryKey: ['policy-versions', version],
    queryFn: ({ signal, pageParam }) =>
      read<PolicyVersions>('/policy/versions', { cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const auditQuery = (document: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['audit', document ?? ''],
    queryFn: ({ signal, pageParam }) => read<AuditPage>('/audit', { document, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });

export const verdictQuery = queryOptions({
  queryKey: ['audit-verdict'],
  queryFn: ({ signal }) => read<AuditVerdict>('/audit/verify', {}, signal),
  enabled: false,
});
