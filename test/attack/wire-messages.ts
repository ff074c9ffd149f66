/** One message of PostgreSQL's wire protocol, whole, as it travelled. */
export type WireMessage = {
  /** The type byte; 'startup' for the first message of a connection, which has none. */
  readonly type: string;
  readonly bytes: Buffer;
};

// PostgreSQL itself takes no larger message; a length beyond it means that the framing was lost.
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Cuts a stream of bytes into messages; https://www.postgresql.org/docs/current/protocol-message-formats.html */
export class MessageReader {
  private left: Buffer = Buffer.alloc(0);
  private untyped: boolean;

  constructor(from: 'client' | 'server') {
    this.untyped = from === 'client';
  }

  read(part: Buffer): WireMessage[] {
    this.left = this.left.length === 0 ? part : Buffer.concat([this.left, part]);
    const messages: WireMessage[] = [];
    for (;;) {
      const head = this.untyped ? 0 : 1;
      if (this.left.length < head + 4) return messages;
      const size = head + this.left.readInt32BE(head);
      if (size < head + 4 || size > MAX_MESSAGE_BYTES) throw new Error(`a message of ${size} bytes`);
      if (this.left.length < size) return messages;
      const bytes = this.left.subarray(0, size);
      messages.push({ type: this.untyped ? 'startup' : String.fromCharCode(bytes[0]!), bytes });
      this.untyped = false;
      this.left = this.left.subarray(size);
    }
  }
}

/** The login that a startup message names. */
export function userOf({ bytes }: WireMessage): string {
  const words = bytes.subarray(8).toString('latin1').split('\0');
  return words[words.indexOf('user') + 1] ?? '';
}

/** The text of a simple query or of a statement to prepare. */
export function statementOf({ type, bytes }: WireMessage): string {
  const text = bytes.subarray(5);
  const from = type === 'P' ? text.indexOf(0) + 1 : 0;
  return text.subarray(from, text.indexOf(0, from)).toString('utf8');
}

/** What a CommandComplete says was done: "COMMIT", "INSERT 0 1". */
export function tagOf({ bytes }: WireMessage): string {
  return bytes.subarray(5, bytes.length - 1).toString('latin1');
}

/** In a transaction or not, as ReadyForQuery says: idle, in a transaction, in a failed one. */
export function statusOf({ bytes }: WireMessage): 'I' | 'T' | 'E' {
  return String.fromCharCode(bytes[5]!) as 'I' | 'T' | 'E';
}

export function errorResponse(severity: 'ERROR' | 'FATAL', code: string, message: string): Buffer {
  const fields = `S${severity}\0V${severity}\0C${code}\0M${message}\0\0`;
  return framed('E', Buffer.from(fields, 'utf8'));
}

export function readyForQuery(status: 'I' | 'T' | 'E'): Buffer {
  return framed('Z', Buffer.from(status, 'latin1'));
}

function framed(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
