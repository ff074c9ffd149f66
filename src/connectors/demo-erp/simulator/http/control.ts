import { request } from 'undici';
import type { stateView } from './views.ts';

export type SimulatorControl = {
  readonly post: (what: string, body: unknown) => Promise<void>;
  readonly state: () => Promise<ReturnType<typeof stateView>>;
  readonly faults: () => Promise<Record<string, { injected: number; reached: number }>>;
};

/** Drives a simulator's control plane over HTTP, for tests. */
export function openControl(url: string): SimulatorControl {
  const get = async (what: string) => (await request(`${url}/_sim/${what}`)).body.json();
  return {
    async post(what, body) {
      const { statusCode, body: answer } = await request(`${url}/_sim/${what}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const said = await answer.text();
      if (statusCode !== 200) throw new Error(`${what}: ${said}`);
    },
    state: async () => (await get('state')) as ReturnType<typeof stateView>,
    faults: async () => (await get('faults')) as Record<string, { injected: number; reached: number }>,
  };
}
