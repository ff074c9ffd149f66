import { ApiFailure, problemOf } from './client.ts';

/** Reads an address that answers with lines of JSON, handing each over as it arrives. */
export async function readLines<Line>(
  path: string,
  onLine: (line: Line) => void,
  signal: AbortSignal,
): Promise<void> {
  const response = await fetch(`/api/v1${path}`, { credentials: 'same-origin', signal }).catch((cause) => {
    if (signal.aborted) throw cause;
    throw new ApiFailure(0, null);
  });
  if (!response.ok) throw new ApiFailure(response.status, problemOf(await response.text()));
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true };
    if (done) break;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(JSON.parse(line) as Line);
  }
}
