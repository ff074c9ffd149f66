import type { Connector } from './connector.ts';
import { demoErp } from './demo-erp/index.ts';
import { sapBusinessOne } from './sap-business-one/index.ts';

/** Every ERP that Tiebeam can connect to: the one place that lists them. */
export const connectors: readonly Connector[] = [behindItsSchema(sapBusinessOne), behindItsSchema(demoErp)];

export function connectorOf(id: string): Connector | undefined {
  return connectors.find((connector) => connector.id === id);
}

/**
 * Callers hold a configuration as it was stored, of no type. It is parsed at each way in, so that a connector
 * of any configuration can stand in one list and none ever sees a value that its schema refuses.
 */
function behindItsSchema<Config>(connector: Connector<Config>): Connector {
  const { config: schema, doorOptions, account, rate, settle, connect, deepLink, ...plain } = connector;
  return {
    ...plain,
    config: schema,
    doorOptions: (config) => doorOptions(schema.parse(config)),
    account: (config) => account(schema.parse(config)),
    rate: (config) => rate(schema.parse(config)),
    settle: (config, seen) => settle(schema.parse(config), seen),
    connect: (config, deps) => connect(schema.parse(config), deps),
    ...(deepLink && { deepLink: (config, object, id) => deepLink(schema.parse(config), object, id) }),
  };
}
