import { describe, expect, it } from 'vitest';
import type { Read } from '../../domain/posting/writes.ts';
import { asTree } from './errors.ts';
import { readList } from './paging.ts';

/** A list of ids that a test may change between pages. */
function list(
  ids: number[],
  pageSize: number,
  onPage: (page: number) => void = () => {},
): { read: Read; asked: number[] } {
  const asked: number[] = [];
  const read: Read = async (request) => {
    const page = Number(new URL(request.path, 'http://x').searchParams.get('page'));
    asked.push(page);
    const rows = ids.slice((page - 1) * pageSize, page * pageSize);
    const more = page * pageSize < ids.length;
    const headers = {
      total: String(ids.length),
      ...(more ? { link: `<http://x?page=${page + 1}>; rel="next"` } : {}),
    };
    const body = JSON.stringify(rows.map((id) => ({ id })));
    onPage(page);
    return { status: 200, headers, body };
  };
  return { read, asked };
}

const all = async (read: Read, pageSize = 3) =>
  (await readList(read, { path: '/rest/v1.0/vendors', query: {}, pageSize })).map((row) =>
    Number(asTree(row)?.id),
  );

const tenIds = () => Array.from({ length: 10 }, (_, index) => index + 1);

describe('reading a list', () => {
  it('gives every row of every page once', async () => {
    const { read, asked } = list(tenIds(), 3);
    expect(await all(read)).toEqual(tenIds());
    expect(asked).toEqual([1, 2, 3, 4]);
  });

  it('reads again when a row goes between two pages and would shift one out of sight', async () => {
    const ids = tenIds();
    let done = false;
    const { read } = list(ids, 3, (page) => {
      if (page !== 1 || done) return;
      done = true;
      ids.shift();
    });
    expect(await all(read)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('reads again when a row moves and the total stays the same', async () => {
    const ids = tenIds();
    let done = false;
    const { read } = list(ids, 3, (page) => {
      if (page !== 1 || done) return;
      done = true;
      ids.push(ids.shift()!);
    });
    expect((await all(read)).sort((a, b) => a - b)).toEqual(tenIds());
  });

  it('reads again when a row comes', async () => {
    const ids = tenIds();
    let done = false;
    const { read } = list(ids, 3, (page) => {
      if (page !== 2 || done) return;
      done = true;
      ids.unshift(11);
    });
    expect((await all(read)).sort((a, b) => a - b)).toEqual([...tenIds(), 11]);
  });

  it('says retry later when the list never holds still', async () => {
    const ids = tenIds();
    const { read } = list(ids, 3, () => ids.unshift(100 + ids.length));
    await expect(all(read)).rejects.toMatchObject({ kind: 'retry-later' });
  });

  it('follows the cap of the server when it gives fewer rows than asked', async () => {
    const { read } = list(tenIds(), 2);
    expect(await all(read, 500)).toEqual(tenIds());
  });

  it('takes a list that does not page as one page', async () => {
    const read: Read = async () => ({ status: 200, headers: {}, body: '[{"id":1},{"id":2}]' });
    expect(await all(read, 1)).toEqual([1, 2]);
  });

  it('stops after 200 pages and says what to change', async () => {
    const read: Read = async (request) => {
      const page = new URL(request.path, 'http://x').searchParams.get('page');
      return { status: 200, headers: { link: '<http://x>; rel="next"' }, body: `[{"id":${page}}]` };
    };
    await expect(all(read, 1)).rejects.toMatchObject({ remedy: expect.stringContaining('page size') });
  });

  it('refuses an answer that is no list', async () => {
    const read: Read = async () => ({ status: 200, headers: {}, body: '{"rows":[]}' });
    await expect(all(read)).rejects.toMatchObject({ kind: 'bug' });
  });
});
