import { Button } from '@mantine/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { readLines } from '../../api/lines.ts';
import type { Finding } from '../../api/types.ts';
import { Failure } from '../../ui/failure.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Findings } from './findings.tsx';

interface Progress {
  state: 'idle' | 'running' | 'done' | 'failed';
  findings: Finding[];
  failure: unknown;
}

const idle: Progress = { state: 'idle', findings: [], failure: null };

/** Tries the connection while somebody looks: each finding stands there as soon as it is found. */
export function CheckPanel({ id, name }: { id: string; name: string }) {
  const { state, findings, failure, run } = useCheck(id);
  return (
    <Panel
      title="Check"
      aside={
        <Button size="compact-sm" variant="default" loading={state === 'running'} onClick={run}>
          Check now
        </Button>
      }
    >
      <p className="panel-body small" role="status">
        {summaryOf(state, findings, name)}
      </p>
      {failure ? (
        <div className="panel-body">
          <Failure failure={failure} retry={run} />
        </div>
      ) : null}
      <Findings findings={findings} />
    </Panel>
  );
}

function useCheck(id: string): Progress & { run: () => void } {
  const [progress, setProgress] = useState(idle);
  const asked = useRef<AbortController | null>(null);
  useEffect(() => () => asked.current?.abort(), []);
  const run = useCallback(() => {
    asked.current?.abort();
    const controller = new AbortController();
    asked.current = controller;
    setProgress({ ...idle, state: 'running' });
    const add = (finding: Finding) =>
      setProgress((before) => ({ ...before, findings: [...before.findings, finding] }));
    readLines<Finding>(`/connections/${encodeURIComponent(id)}/check`, add, controller.signal).then(
      () => setProgress((before) => ({ ...before, state: 'done' })),
      (failure: unknown) => {
        if (!controller.signal.aborted) setProgress((before) => ({ ...before, state: 'failed', failure }));
      },
    );
  }, [id]);
  return { ...progress, run };
}

function summaryOf(state: Progress['state'], findings: readonly Finding[], name: string): string {
  const failed = findings.filter(({ ok }) => !ok).length;
  const open = findings.filter(({ unproven }) => unproven).length;
  if (state === 'idle') return `Reaches ${name} and tries each permission by reading. Nothing is written.`;
  if (state === 'running') return `${findings.length} tried, ${failed} failed so far.`;
  if (state === 'failed') return 'The check broke off.';
  if (failed > 0) return `${failed} of ${findings.length} failed.`;
  return open === 0
    ? `All ${findings.length} hold.`
    : `Nothing failed. ${open} of ${findings.length} can only be shown by a write.`;
}
