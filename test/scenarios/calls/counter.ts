import { subscribe } from 'node:diagnostics_channel';

export type Calls = { readonly reads: number; readonly writes: number };
type Side = 'procore' | 'erp';

// A sign-in is the session's and no document's; the control plane is not the vendor's.
const NOT_COUNTED = /^\/(_sim|oauth)\b|\/(Login|Logout)$/;
// The ERP's batch of reads is one call as well, and is sent as a POST.
const READING_POST = /\$batch|QueryService|SQLQueries/;

/** Counts every call that leaves this process, by the system that it goes to. */
export function countCalls(procoreUrl: string, erpUrl: string): () => Readonly<Record<Side, Calls>> {
  const counted = { procore: { reads: 0, writes: 0 }, erp: { reads: 0, writes: 0 } };
  subscribe('undici:request:create', (message) => {
    const { request } = message as { request: { origin: string; path: string; method: string } };
    if (NOT_COUNTED.test(request.path)) return;
    const side = sideOf(String(request.origin));
    if (side === null) return;
    const reads = request.method === 'GET' || READING_POST.test(request.path);
    counted[side][reads ? 'reads' : 'writes'] += 1;
  });
  return () => structuredClone(counted);

  function sideOf(origin: string): Side | null {
    if (new URL(procoreUrl).origin === origin) return 'procore';
    return new URL(erpUrl).origin === origin ? 'erp' : null;
  }
}
