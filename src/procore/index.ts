import type { Connector } from '../connectors/connector.ts';
import { type ProcoreConfig, procoreConfig } from './config.ts';
import { connectProcore, type ProcoreDeps } from './connection.ts';
import { procoreConstraints } from './erp-tool/constraints.ts';
import type { Hub } from './hub.ts';
import { procoreSettle } from './settle.ts';

export type { ProcoreConfig } from './config.ts';
export type { ProcoreDeps } from './connection.ts';
export { hashHookSecret, verifyHookSecret, webhookEvents } from './events/webhooks.ts';
export { windowsByAccount } from './http/rate-window.ts';

type DoorAddress = ReturnType<Connector<ProcoreConfig>['doorOptions']>;

/** Procore in the shape of a connector: two doors instead of one, and a Hub instead of a connection. */
export type ProcoreSystem = Omit<Connector<ProcoreConfig>, 'connect'> & {
  /** The sign-in host, whose only allowed POST is the one for a token. */
  readonly authDoorOptions: (config: ProcoreConfig) => DoorAddress;
  readonly connect: (config: ProcoreConfig, deps: ProcoreDeps) => Hub;
};

export const procore: ProcoreSystem = {
  id: 'procore',
  title: 'Procore',
  config: procoreConfig,
  secrets: ['clientSecret'],
  doorOptions: (config) => ({
    baseUrl: config.apiUrl,
    ...(config.ca === undefined ? {} : { ca: config.ca }),
    readPosts: [],
  }),
  authDoorOptions: (config) => ({
    baseUrl: config.authUrl,
    ...(config.ca === undefined ? {} : { ca: config.ca }),
    readPosts: [/^\/oauth\/token$/],
  }),
  // Limits count per app, and one app may serve several companies.
  account: (config) => `${config.apiUrl} ${config.clientId}`,
  rate: ({ maxInFlight }) => ({ kind: 'window', inFlight: maxInFlight }),
  constraints: procoreConstraints,
  settle: procoreSettle,
  updateStrategy: 'patch',
  connect: connectProcore,
  deepLink(config, object, id) {
    const base = `${config.webUrl.replace(/\/+$/, '')}/${config.companyId}`;
    if (object === 'vendor') return `${base}/company/directory/vendors/${id}`;
    return object === 'project' ? `${base}/projects/${id}` : null;
  },
};
