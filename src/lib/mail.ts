import { createTransport } from 'nodemailer';

export type Message = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same however often it is sent, so that whoever gets it twice sees that it is one. */
  readonly messageId: string;
};

/** The way out for mail, beside the door that all other systems are reached by. */
export type Mail = {
  /** Where people reach the web app. */
  readonly address: string;
  /** The server, without its sign-in. */
  readonly server: string;
  /** The domain of the sender, for ids of messages. */
  readonly domain: string;
  /** Resolves when the server has taken it in. */
  readonly send: (message: Message) => Promise<void>;
  /** Resolves when the server is reached and takes the sign-in. */
  readonly verify: () => Promise<void>;
};

export type MailOptions = {
  /** smtps://user:password@host:465, or smtp://... with STARTTLS. */
  readonly url: string;
  readonly from: string;
  readonly address: string;
};

// A worker's lane waits this long for a server that does not answer, and for no longer.
const ANSWER_WITHIN_MS = 10_000;

export function openMail({ url, from, address }: MailOptions): Mail {
  const { protocol, hostname, port, username, password } = new URL(url);
  const isLocal = hostname === 'localhost' || hostname === '127.0.0.1';
  const transport = createTransport({
    host: hostname,
    port: Number(port || (protocol === 'smtps:' ? 465 : 587)),
    secure: protocol === 'smtps:',
    // A password that could be read on its way is not sent; on this machine there is no way.
    requireTLS: protocol !== 'smtps:' && !isLocal,
    ignoreTLS: protocol !== 'smtps:' && isLocal,
    ...(username === ''
      ? {}
      : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: ANSWER_WITHIN_MS,
    greetingTimeout: ANSWER_WITHIN_MS,
    socketTimeout: ANSWER_WITHIN_MS,
    // Text is text: nothing is read from files or addresses that it may name.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    address: address.replace(/\/+$/, ''),
    server: hostname,
    domain: from.split('@').at(-1)?.replace(/>.*$/, '') ?? hostname,
    async send(message) {
      await transport.sendMail({ ...message, from, headers: { 'Auto-Submitted': 'auto-generated' } });
    },
    async verify() {
      await transport.verify();
    },
  };
}

/** The settings of the process; null where no mail is to be sent. What is half set says so. */
export function mailFrom(env: Readonly<Record<string, string | undefined>>): MailOptions | null {
  const { TIEBEAM_SMTP_URL: url, TIEBEAM_MAIL_FROM: from, TIEBEAM_WEB_ADDRESS: address } = env;
  if (!url) return null;
  if (!/^smtps?:\/\/./.test(url) || !URL.canParse(url))
    throw new Error('TIEBEAM_SMTP_URL is not smtps://user:password@host or smtp://user:password@host');
  if (!from?.includes('@')) throw new Error('TIEBEAM_MAIL_FROM has to be the address that mails come from');
  if (!address || !/^https?:\/\/./.test(address))
    throw new Error(
      'TIEBEAM_WEB_ADDRESS has to be the address at which people reach the web app, for the links in mails',
    );
  return { url, from, address };
}
