import { addHook, connect, ensureTenant } from '../../src/engine/set-up/tenant.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { noFailPoint } from '../../src/lib/fail-point.ts';
import { openLog } from '../../src/lib/log.ts';
import { describeConnection, openHouse, serve } from '../../src/main.ts';
import type { Place } from './deliveries.ts';

// The service as `tiebeam start --role web` runs it: several tenants, one webhook address each, no worker.

const [dataDir = '', databaseUrl = '', placesText = '[]'] = process.argv.slice(2);
const places = JSON.parse(placesText) as Place[];

const house = await openHouse({
  dataDir,
  databaseUrl,
  clock: systemClock,
  log: openLog('warn'),
  pace: { pullEveryMs: 60_000, sweepEveryMs: 60_000 },
  failPoint: noFailPoint,
});
const procore = describeConnection('procore', {
  authUrl: 'http://127.0.0.1:9',
  apiUrl: 'http://127.0.0.1:9',
  companyId: '1',
  clientId: 'bench',
  clientSecret: 'bench',
});
for (const { hook, companyId, secret } of places) {
  const tenant = `tenant-${hook}`;
  await ensureTenant(house.engine, tenant, tenant);
  await connect(
    house.engine,
    house.vault,
    tenant,
    { id: 'procore', system: 'procore', name: 'Procore', code: 'PC', ...procore },
    'bench',
  );
  await addHook(house.engine, tenant, { id: hook, connection: 'procore', secret, companyId });
}
const serving = await serve(house, {
  host: '127.0.0.1',
  port: 0,
  https: false,
  simulated: [],
  roles: ['web'],
});

process.on('message', async (asked: 'cpu' | 'stop') => {
  if (asked === 'cpu') {
    const { user, system } = process.cpuUsage();
    process.send?.((user + system) / 1_000_000);
    return;
  }
  await serving.stop();
  await house.close();
  process.disconnect();
  process.exit(0);
});
process.send?.(serving.url);
