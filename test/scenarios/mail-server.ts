import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export type Received = {
  readonly to: string;
  readonly id: string;
  readonly subject: string;
  readonly text: string;
};

/** A real mail server that takes one sign-in, and can refuse mail for a while or lose the answer to the next. */
export async function startMailServer() {
  const received: Received[] = [];
  let [isRefusing, losesNext] = [false, false];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    onAuth({ username, password }, _session, done) {
      if (username === 'tiebeam' && password === 'right') done(null, { user: username });
      else done(new Error('535 the sign-in is wrong'));
    },
    onData(stream, session, done) {
      let raw = '';
      stream.on('data', (part) => {
        raw += String(part);
      });
      stream.on('end', () => {
        if (isRefusing) return done(Object.assign(new Error('mailbox is busy'), { responseCode: 451 }));
        received.push(messageOf(session.envelope.rcptTo.map(({ address }) => address).join(), raw));
        if (!losesNext) return done();
        losesNext = false;
        for (const { _socket: socket } of server.connections as Iterable<{ _socket: { destroy(): void } }>)
          socket.destroy();
      });
    },
  });
  server.on('error', () => {});
  const listening = once(server.listen(0, '127.0.0.1'), 'listening');
  await listening;
  const { port } = server.server.address() as AddressInfo;
  return {
    received,
    url: (password = 'right') => `smtp://tiebeam:${password}@127.0.0.1:${port}`,
    refuse(refusing: boolean) {
      isRefusing = refusing;
    },
    loseNextAnswer() {
      losesNext = true;
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function messageOf(to: string, raw: string): Received {
  const [head = '', ...body] = raw.split('\r\n\r\n');
  const header = (name: string) =>
    head.match(new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, 'im'))?.[1]?.replace(/\r\n[ \t]/g, ' ') ?? '';
  // Soft breaks of quoted-printable.
  const text = body
    .join('\n\n')
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return { to, id: header('Message-ID'), subject: header('Subject'), text };
}
