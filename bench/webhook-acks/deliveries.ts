/** One webhook address and what its deliveries must carry. */
export type Place = { readonly hook: string; readonly companyId: string; readonly secret: string };

// As many records as a busy company touches in a while: a lane is woken by some deliveries and already due for most.
const RECORDS = 500;

/** A delivery as Procore sends it (version 2 of its payload): every one has an id of its own. */
export function bodyOf(place: Place, name: string, index: number): string {
  return JSON.stringify({
    id: 7_000_000_000 + index,
    ulid: name,
    company_id: Number(place.companyId),
    project_id: 101 + (index % 20),
    event_type: 'update',
    resource_name: 'Work Order Contracts',
    resource_id: 300_000 + (index % RECORDS),
    user_id: 42,
    timestamp: '2026-08-31T10:00:00.000000Z',
    api_version: 'v2',
    metadata: {
      source_user_id: 42,
      source_project_id: 101,
      source_company_id: null,
      source_application_id: null,
    },
  });
}
