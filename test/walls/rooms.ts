import { type Import, isTest } from './imports.ts';

/** Which room of the house a file of src/ stands in; null for a file that stands nowhere. */
export function roomOf(file: string): string | null {
  const [, folder = '', inner = ''] = file.split('/');
  if (file === 'src/main.ts' || file === 'src/cli.ts') return 'main';
  if (file === 'src/demo/judge.ts') return 'judge';
  if (file === 'src/connectors/connector.ts') return 'contract';
  if (file === 'src/connectors/registry.ts') return 'registry';
  if (folder === 'procore') return inner === 'simulator' ? 'procore/simulator' : 'procore';
  if (folder === 'connectors' && file.split('/').length > 3) {
    if (inner === 'conformance') return 'conformance';
    return file.startsWith(`src/connectors/${inner}/simulator/`)
      ? `${inner}/simulator`
      : `connector ${inner}`;
  }
  const plain = ['lib', 'domain', 'store', 'engine', 'http', 'cli', 'demo'];
  return plain.includes(folder) && inner !== '' ? folder : null;
}

// A room sees itself and these. What main and demo may see is everything but the simulators.
const SEES: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  domain: [],
  contract: ['domain', 'lib'],
  procore: ['domain', 'lib', 'contract'],
  connector: ['domain', 'lib', 'contract'],
  conformance: ['domain', 'lib', 'contract'],
  store: ['domain', 'lib'],
  engine: ['domain', 'lib', 'store', 'procore', 'contract'],
  http: ['domain', 'lib', 'store', 'engine'],
  cli: ['domain', 'lib', 'store', 'engine'],
  simulator: ['lib'],
  registry: ['contract', 'connector'],
  judge: ['domain', 'lib', 'demo'],
};

const NETWORK = /^(?:undici|nodemailer|(?:node:)?(?:http|https|http2|net|tls|dgram|dns)(?:\/.*)?)$/;
const NO_NETWORK = ['domain', 'contract', 'procore', 'connector', 'engine', 'registry'];

/** Why an import breaks a wall, or null when it may stand. */
export function offence(each: Import): string | null {
  if (isTest(each.from) && roomOf(each.from) !== 'conformance') return null;
  const from = roomOf(each.from);
  if (from === null) return 'the file stands in no room of the house';
  return each.ours ? offenceInside(each, from) : offenceOutside(each, kindOf(from));
}

function offenceInside({ from: file, to: path, typeOnly, names }: Import, from: string): string | null {
  const to = roomOf(path);
  if (to === null) return `it reaches ${path}, which stands in no room`;
  if (isTest(path) && from !== 'conformance') return 'production imports no test';
  if (names.includes('committedIntent') && from !== 'engine' && from !== 'conformance')
    return 'only the posting protocol in the engine makes an intent';
  if (from === to) return null;
  // The demo writes seeds for simulators that run as processes of their own: the form of a seed is only a type.
  if (kindOf(to) === 'simulator')
    return from === 'demo' && typeOnly ? null : 'a simulator is started as a process, never imported';
  if (to === 'registry')
    return from === 'main' || from === 'demo' ? null : 'only the mains and the demo import the registry';
  if (from === 'main' || from === 'demo') return null;
  if (kindOf(from) === 'simulator' && path === 'src/domain/values/money.ts') return null;
  if (kindOf(from) === 'registry' && kindOf(to) === 'connector' && !path.endsWith('/index.ts'))
    return "the registry sees a connector's index only";
  if (SEES[kindOf(from)]?.includes(kindOf(to))) return null;
  return `${from} does not see ${to} (${file})`;
}

function offenceOutside({ to }: Import, kind: string): string | null {
  if (kind === 'domain' && to !== 'node:crypto') return 'domain imports nothing but node:crypto';
  if (NO_NETWORK.includes(kind) && NETWORK.test(to))
    return 'lib/door.ts is the one way out, and lib/mail.ts for mail';
  return null;
}

/** `connector demo-erp` is a connector; two connectors are different rooms of one kind. */
function kindOf(room: string): string {
  if (room.startsWith('connector ')) return 'connector';
  return room.endsWith('/simulator') ? 'simulator' : room;
}
