import fastify from 'fastify';

// The same framework, the same route, the body received and thrown away: what an acknowledgement costs at least.

const app = fastify({ logger: false, bodyLimit: 256 * 1024 });
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
app.post('/webhooks/procore/:hook', async (_request, reply) => reply.code(200).send());
const url = await app.listen({ host: '127.0.0.1', port: 0 });

process.on('message', (asked: 'cpu' | 'stop') => {
  if (asked === 'stop') process.exit(0);
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1_000_000);
});
process.send?.(url);
