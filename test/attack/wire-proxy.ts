import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import {
  errorResponse,
  MessageReader,
  readyForQuery,
  statementOf,
  statusOf,
  tagOf,
  userOf,
  type WireMessage,
} from './wire-messages.ts';

/** Where in the conversation of one connection a message stands. */
export type Moment = {
  readonly point: WirePoint;
  readonly user: string;
  readonly inTransaction: boolean;
};

/** The messages at which the conversation can be disturbed, in the words of the protocol. */
export const wirePoints = [
  'startup',
  'begin',
  'parse',
  'bind',
  'execute',
  'sync',
  'commit',
  'commit-complete',
  'ready-after-commit',
  'ready',
] as const;
export type WirePoint = (typeof wirePoints)[number];

/** What is done at a message instead of passing it on. `after` lets it pass and cuts the client off then. */
export type Disturbance =
  | { readonly do: 'cut-before' }
  | { readonly do: 'cut-after'; readonly committed: () => void }
  | { readonly do: 'delay'; readonly ms: number }
  /** Both sides stay connected and hear nothing more of each other: a firewall that forgot the connection. */
  | { readonly do: 'go-silent'; readonly ms: number }
  | { readonly do: 'answer-error'; readonly code: string; readonly message: string };

export type Saboteur = (moment: Moment) => Disturbance | null;

export type WireProxy = {
  readonly port: number;
  /** PostgreSQL listens on another port after each start. */
  readonly pointTo: (port: number) => void;
  readonly disturb: (saboteur: Saboteur | null) => void;
  readonly stop: () => Promise<void>;
};

/** Stands between the service and PostgreSQL, understands where each message begins and ends, and disturbs. */
export async function startWireProxy(): Promise<WireProxy> {
  let upstreamPort = 0;
  let saboteur: Saboteur | null = null;
  const open = new Set<Conversation>();
  const server = createServer((client) => {
    const conversation = new Conversation(
      client,
      upstreamPort,
      (moment) => saboteur?.(moment) ?? null,
      () => open.delete(conversation),
    );
    open.add(conversation);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    pointTo(port) {
      upstreamPort = port;
    },
    disturb(next) {
      saboteur = next;
    },
    async stop() {
      for (const each of open) each.end();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

class Conversation {
  private readonly client: Socket;
  private readonly server: Socket;
  private readonly judge: Saboteur;
  private readonly onEnd: () => void;
  private readonly fromClient = new MessageReader('client');
  private readonly fromServer = new MessageReader('server');
  private toServer: Promise<void> = Promise.resolve();
  private toClient: Promise<void> = Promise.resolve();
  private user = '';
  private status: 'I' | 'T' | 'E' = 'I';
  private committing = false;
  private silent = false;
  /** The client is gone; what the server still answers to a commit is the truth that nobody heard. */
  private unheard: (() => void) | null = null;
  /** A statement was answered with an error of ours: its other messages end with the next Sync. */
  private refused = false;

  constructor(client: Socket, port: number, judge: Saboteur, onEnd: () => void) {
    this.client = client;
    this.judge = judge;
    this.onEnd = onEnd;
    this.server = connect(port, '127.0.0.1');
    for (const socket of [client, this.server]) {
      socket.setNoDelay(true);
      // The other side learns of it by the close that follows.
      socket.on('error', () => undefined);
    }
    client.on('data', (part) =>
      this.inOrder('toServer', this.fromClient, part, (each) => this.fromApp(each)),
    );
    this.server.on('data', (part) =>
      this.inOrder('toClient', this.fromServer, part, (each) => this.fromPostgres(each)),
    );
    client.on('close', () => {
      // A cut client leaves the server its time to commit; a client that left by itself needs none.
      if (this.unheard === null) this.end();
    });
    this.server.on('close', () => this.end());
  }

  end(): void {
    this.client.destroy();
    this.server.destroy();
    this.onEnd();
  }

  private inOrder(
    way: 'toServer' | 'toClient',
    reader: MessageReader,
    part: Buffer,
    pass: (message: WireMessage) => Promise<void> | void,
  ): void {
    const messages = reader.read(part);
    const to = way === 'toServer' ? this.server : this.client;
    this[way] = this[way].then(async () => {
      // What came in one part leaves in one, unless something happens in between.
      to.cork();
      for (const message of messages) if (!this.silent) await pass(message);
      to.uncork();
    });
  }

  private async fromApp(message: WireMessage): Promise<void> {
    const point = this.pointOf(message);
    if (message.type === 'startup') this.user = userOf(message);
    // What belongs to a refused statement goes no further; its Sync does, and brings both sides together again.
    if (this.refused && !['S', 'Q', 'X'].includes(message.type)) return;
    this.refused = false;
    if (point === 'commit') this.committing = true;
    const wish = point === null ? null : this.judge(this.moment(point));
    if (wish === null) return void this.server.write(message.bytes);
    await this.play(wish, message, this.server);
  }

  private async fromPostgres(message: WireMessage): Promise<void> {
    const isCommitted = message.type === 'C' && tagOf(message) === 'COMMIT';
    if (isCommitted) this.unheard?.();
    if (this.unheard !== null) {
      if (message.type === 'Z') this.end();
      return;
    }
    if (message.type === 'Z') this.status = statusOf(message);
    const point = isCommitted
      ? 'commit-complete'
      : message.type !== 'Z'
        ? null
        : this.committing
          ? 'ready-after-commit'
          : 'ready';
    if (message.type === 'Z') this.committing = false;
    const wish = point === null ? null : this.judge(this.moment(point));
    if (wish === null) return void this.client.write(message.bytes);
    await this.play(wish, message, this.client);
  }

  private async play(wish: Disturbance, message: WireMessage, to: Socket): Promise<void> {
    to.uncork();
    switch (wish.do) {
      case 'cut-before':
        return this.end();
      case 'cut-after':
        this.unheard = wish.committed;
        to.write(message.bytes);
        this.client.destroy();
        if (to === this.client) this.end();
        return;
      case 'delay':
        await pause(wish.ms);
        if (!to.destroyed) to.write(message.bytes);
        return;
      case 'go-silent':
        this.silent = true;
        await pause(wish.ms);
        return this.end();
      case 'answer-error':
        return this.refuse(wish, message);
    }
  }

  /** The server never saw the statement; its transaction goes on until the client rolls it back. */
  private refuse({ code, message }: Extract<Disturbance, { do: 'answer-error' }>, to: WireMessage): void {
    if (to.type === 'startup') {
      this.client.end(errorResponse('FATAL', code, message));
      this.server.destroy();
      return;
    }
    this.client.write(errorResponse('ERROR', code, message));
    this.committing = false;
    if (to.type === 'Q') this.client.write(readyForQuery(this.status === 'I' ? 'I' : 'E'));
    else this.refused = true;
  }

  private pointOf(message: WireMessage): WirePoint | null {
    switch (message.type) {
      case 'startup':
        return 'startup';
      case 'P':
        return 'parse';
      case 'B':
        return 'bind';
      case 'E':
        return 'execute';
      case 'S':
        return 'sync';
      case 'Q': {
        const text = statementOf(message);
        return text.endsWith('COMMIT') ? 'commit' : text.startsWith('BEGIN') ? 'begin' : null;
      }
      default:
        return null;
    }
  }

  private moment(point: WirePoint): Moment {
    return { point, user: this.user, inTransaction: this.status !== 'I' };
  }
}
