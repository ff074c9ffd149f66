import { gzipSync } from 'node:zlib';

export type ArchivedFile = { readonly path: string; readonly text: string };

const BLOCK = 512;
const LONGEST_PATH = 100;

/** Files as one tar.gz in the ustar form of POSIX, which every machine unpacks. Whoever unpacks it alone may read it. */
export function tarGz(files: readonly ArchivedFile[], at: Date): Buffer {
  const entries = files.flatMap(({ path, text }) => {
    const body = Buffer.from(text, 'utf8');
    return [header(path, body.length, at), body, Buffer.alloc(-body.length & (BLOCK - 1))];
  });
  // Two empty blocks say that it ends here and was not cut.
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(2 * BLOCK)]));
}

function header(path: string, size: number, at: Date): Buffer {
  if (Buffer.byteLength(path) > LONGEST_PATH) throw new Error(`${path} is too long a path for an archive`);
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`;
  const block = Buffer.alloc(BLOCK);
  block.write(path, 0);
  block.write(octal(0o600, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(Math.floor(at.getTime() / 1_000), 12), 136);
  // The sum counts its own field as spaces.
  block.write(' '.repeat(8), 148);
  block.write('0', 156);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
