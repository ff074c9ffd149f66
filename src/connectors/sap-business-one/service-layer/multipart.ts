import { createHash } from 'node:crypto';

export type FilePart = { readonly name: string; readonly bytes: Uint8Array };

/** A form of files, each under the field name that the Service Layer wants; the same bytes every time. */
export function multipart(files: readonly FilePart[]): {
  readonly contentType: string;
  readonly bytes: Uint8Array;
} {
  const digest = createHash('sha256');
  for (const { bytes } of files) digest.update(bytes);
  // Made of the content's own hash: no content can hold it.
  const boundary = `tiebeam-${digest.digest('hex').slice(0, 40)}`;
  const parts = files.flatMap(({ name, bytes }) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\n` +
        'Content-Type: application/octet-stream\r\n\r\n',
    ),
    bytes,
    Buffer.from('\r\n'),
  ]);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
  };
}
