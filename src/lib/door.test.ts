import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTls } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server as TcpServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { committedIntent, type Door, DoorError, type DoorOptions, openDoor } from './door.ts';
import { selfSigned } from './fixtures/self-signed.ts';

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function server(answer: Answer): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = [];
  const http: Server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => answer(request, response));
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  open.push({ close: () => http.close().closeAllConnections() });
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, requests };
}

function door(baseUrl: string, more: Partial<DoorOptions> = {}): Door {
  const made = openDoor({ baseUrl, readPosts: [/^\/Login$/], writesAllowed: () => true, ...more });
  open.push(made);
  return made;
}

const intent = committedIntent('posting', 1);
const post = { method: 'POST', path: '/orders', body: '{}' } as const;

test('reads by GET and by the POSTs on its list, and by nothing else', async () => {
  const { url, requests } = await server((_request, response) => response.end('ok'));
  const mine = door(url);
  expect((await mine.read({ method: 'GET', path: '/orders' })).body).toBe('ok');
  expect((await mine.read({ method: 'POST', path: '/Login', body: '{}' })).status).toBe(200);
  for (const method of ['POST', 'PATCH', 'PUT', 'DELETE'] as const) {
    await expect(mine.read({ method, path: '/orders' })).rejects.toMatchObject({ trouble: 'not-a-read' });
  }
  expect(requests).toEqual(['GET /orders', 'POST /Login']);
});

test('lets nothing out while writes are not allowed', async () => {
  const { url, requests } = await server((_request, response) => response.end());
  const sent = await door(url, { writesAllowed: () => false }).write(intent, post);
  expect(sent).toMatchObject({ kind: 'not-sent', cause: 'closed-by-policy' });
  expect(requests).toEqual([]);
});

test('asks for the permit that an intent was committed under, and for no other', async () => {
  const { url, requests } = await server((_request, response) => response.end('{}'));
  const onlyCost = door(url, { writesAllowed: (permit) => permit === 'job-costs' });
  expect(await onlyCost.write(intent, post)).toMatchObject({ kind: 'not-sent', cause: 'closed-by-policy' });
  const cost = committedIntent('posting', 1, () => 1_000, 'job-costs');
  expect(await onlyCost.write(cost, post)).toMatchObject({ kind: 'answered' });
  expect(requests).toHaveLength(1);
});

test('lets nothing out after the time that whoever takes over counts with', async () => {
  const { url, requests } = await server((_request, response) => response.end());
  const sent = await door(url).write(
    committedIntent('posting', 1, () => 0),
    post,
  );
  expect(sent).toMatchObject({ kind: 'not-sent', cause: 'closed-by-policy' });
  expect(requests).toEqual([]);
});

test('gives a request no more than the time that is left for it', async () => {
  const { url } = await server(() => {});
  const late = committedIntent('posting', 1, () => 50);
  expect(await door(url).write(late, post)).toMatchObject({ kind: 'unknown' });
});

test('proves not-sent only when no connection ever stood', async () => {
  const gone = await server(() => {});
  await open.pop()!.close();
  expect(await door(gone.url).write(intent, post)).toMatchObject({ kind: 'not-sent', cause: 'unreachable' });
});

test('calls a reply that never came unknown, whatever the server did with the request', async () => {
  const { url, requests } = await server((request) => request.socket.destroy());
  expect(await door(url).write(intent, post)).toMatchObject({ kind: 'unknown' });
  expect(requests).toEqual(['POST /orders']);
});

test('calls half an answer unknown for a write and an error for a read', async () => {
  const { url } = await server((request, response) => {
    response.writeHead(201, { 'content-length': '100' });
    response.write('{"id":');
    setImmediate(() => request.socket.destroy());
  });
  expect(await door(url).write(intent, post)).toMatchObject({ kind: 'unknown' });
  await expect(door(url).read({ method: 'GET', path: '/orders' })).rejects.toMatchObject({
    trouble: 'broken-answer',
  });
});

test('gives up after its time and does not say that nothing was sent', async () => {
  const { url } = await server(() => {});
  expect(await door(url, { timeoutMs: 150 }).write(intent, post)).toMatchObject({ kind: 'unknown' });
  await expect(door(url, { timeoutMs: 150 }).read({ method: 'GET', path: '/' })).rejects.toMatchObject({
    trouble: 'timeout',
  });
});

test('follows no redirect: the answer is handed back as it is', async () => {
  const { url, requests } = await server((_request, response) =>
    response.writeHead(302, { location: '/elsewhere' }).end(),
  );
  expect((await door(url).read({ method: 'GET', path: '/orders' })).status).toBe(302);
  expect(requests).toEqual(['GET /orders']);
});

test('stops reading a body that is larger than its limit', async () => {
  const { url } = await server((_request, response) => response.end('x'.repeat(5_000)));
  await expect(door(url, { maxBodyBytes: 1_000 }).read({ method: 'GET', path: '/' })).rejects.toBeInstanceOf(
    DoorError,
  );
});

test('keeps Set-Cookie lines apart', async () => {
  const { url } = await server((_request, response) =>
    response.setHeader('set-cookie', ['A=1;HttpOnly;', 'B=2; path=/']).end(),
  );
  expect((await door(url).read({ method: 'GET', path: '/' })).cookies).toEqual([
    'A=1;HttpOnly;',
    'B=2; path=/',
  ]);
});

test('hands a server that does not speak TLS no byte of a request', async () => {
  let heard = '';
  const tcp: TcpServer = createTcp((socket) => {
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
      socket.end('HTTP/1.1 200 OK\r\n\r\n');
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((done) => tcp.listen(0, '127.0.0.1', done));
  open.push(tcp);
  const sent = await door(`https://127.0.0.1:${(tcp.address() as AddressInfo).port}`).write(intent, {
    ...post,
    body: 'secret',
  });
  expect(sent.kind).not.toBe('answered');
  expect(heard).not.toContain('secret');
});

test('trusts no certificate that nobody signed, unless its authority was given to this connection', async () => {
  let requests = 0;
  const https = createTls(selfSigned, (_request, response) => {
    requests += 1;
    response.end('ok');
  });
  await new Promise<void>((done) => https.listen(0, '127.0.0.1', done));
  open.push({ close: () => https.close().closeAllConnections() });
  const url = `https://localhost:${(https.address() as AddressInfo).port}`;
  expect(await door(url).write(intent, { ...post, body: 'secret' })).toMatchObject({
    kind: 'not-sent',
    cause: 'tls',
  });
  await expect(door(url).read({ method: 'GET', path: '/' })).rejects.toMatchObject({ trouble: 'tls' });
  expect(requests).toBe(0);
  expect((await door(url, { ca: selfSigned.cert }).read({ method: 'GET', path: '/' })).body).toBe('ok');
});

test('follows a file to where it is stored, with its bytes whole and our headers left behind', async () => {
  const bytes = Buffer.from([0x25, 0x50, 0xff, 0x00, 0xe2, 0x0a]);
  const seen: (string | undefined)[] = [];
  const store = await server((request, response) => {
    seen.push(request.headers.authorization);
    response.end(bytes);
  });
  const vendor = await server((request, response) => {
    seen.push(request.headers.authorization);
    const location = request.url === '/loop' ? '/loop' : `${store.url}/f1?signature=a`;
    response.writeHead(302, { location }).end();
  });
  const headers = { authorization: 'Bearer secret' };
  const file = { method: 'GET', headers, file: true } as const;
  const answer = await door(vendor.url).read({ ...file, path: '/f1' });
  expect(Buffer.from(answer.body, 'base64')).toEqual(bytes);
  expect([seen, store.requests]).toEqual([['Bearer secret', undefined], ['GET /f1?signature=a']]);
  await door('http://127.0.0.1:1').read({ ...file, path: `${vendor.url}/f1` });
  expect(store.requests).toHaveLength(2);
  await expect(door(vendor.url).read({ ...file, path: '/loop' })).rejects.toMatchObject({
    trouble: 'broken-answer',
  });
  expect((await door(vendor.url).read({ method: 'GET', path: '/f1' })).status).toBe(302);
});

test.each([
  ['from an encrypted place to one that is not', 'https://localhost:1', 'http://localhost:2/f'],
  ['to a bare address that is not its own', 'https://localhost:1', 'https://10.0.0.5/f'],
  ['to a bare address of the newer kind', 'https://localhost:1', 'https://[fd00::5]/f'],
])('does not follow a file %s', async (_what, base, path) => {
  const wanted = door(base).read({ method: 'GET', path, file: true });
  await expect(wanted).rejects.toMatchObject({ trouble: 'broken-answer' });
});

test('names the place of storage that cannot be reached, and not the vendor', async () => {
  const { url } = await server((_request, response) => {
    response.writeHead(302, { location: 'http://storage.invalid/f' }).end();
  });
  const wanted = door(url).read({ method: 'GET', path: '/f', file: true });
  await expect(wanted).rejects.toThrow(/storage\.invalid/);
});
