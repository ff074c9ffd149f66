import type { Connector } from './connector.ts';
import { demoErp } from './demo-erp/index.ts';

/** Every ERP that Tiebeam can connect to: the one place that lists them. */
export const connectors: readonly Connector[] = [behindItsSchema(demoErp)];

export function connectorOf(id: string): Connector | undefined {
  return connectors.find((connector) => connector.id === id);
}

/**
 * Callers hold a configuration as it was stored, of no type. It is parsed at each way in, so that a connector
 * of any configuration can stand in one list and none ever sees a value that its schema refuses.
 */
function behindItsSchema<Config>(connector: Connector<Config>): Connector {
  const { config: schema, connect, deepLink } = connector;
  return {
    ...connector,
    doorOptions: (config) => connector.doorOptions(schema.parse(config)),
    account: (config) => connector.account(schema.parse(config)),
    settle: (config) => connector.settle(schema.parse(config)),
    connect: (config, deps) => connect(schema.parse(config), deps),
    ...(deepLink === undefined
      ? {}
      : {
          deepLink: (config: unknown, object: string, id: string) =>
            deepLink(schema.parse(config), object, id),
        }),
  };
}
