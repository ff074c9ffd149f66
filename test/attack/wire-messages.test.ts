import fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorResponse, MessageReader, readyForQuery, statusOf, tagOf, userOf } from './wire-messages.ts';

function startup(user: string): Buffer {
  const body = Buffer.from(`user\0${user}\0database\0books\0\0`, 'latin1');
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, body]);
}

function typed(type: string, text: string): Buffer {
  const body = Buffer.from(text, 'utf8');
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

test('messages are found whole, however the network cuts the stream', () => {
  const sent = [startup('tiebeam_app'), typed('Q', 'BEGIN\0'), typed('P', '\0select 1\0'), typed('S', '')];
  const stream = Buffer.concat(sent);
  const cuts = fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 12 });
  fc.assert(
    fc.property(cuts, (places) => {
      const reader = new MessageReader('client');
      const edges = [0, ...places.sort((a, b) => a - b), stream.length];
      const read = edges.slice(1).flatMap((end, index) => reader.read(stream.subarray(edges[index], end)));
      expect(read.map(({ type }) => type)).toEqual(['startup', 'Q', 'P', 'S']);
      expect(read.map(({ bytes }) => bytes.toString('hex'))).toEqual(
        sent.map((each) => each.toString('hex')),
      );
      expect(userOf(read[0]!)).toBe('tiebeam_app');
    }),
  );
});

test('answers of our own are messages that can be read back', () => {
  const answer = Buffer.concat([errorResponse('ERROR', '40P01', 'deadlock'), readyForQuery('E')]);
  const [error, ready] = new MessageReader('server').read(answer);
  expect(error?.type).toBe('E');
  expect(error?.bytes.toString('utf8')).toContain('C40P01');
  expect(statusOf(ready!)).toBe('E');
  expect(tagOf({ type: 'C', bytes: typed('C', 'COMMIT\0') })).toBe('COMMIT');
});
