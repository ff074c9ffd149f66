import type { ConnectionRow } from '../../api/types.ts';
import { Panel } from '../../ui/panel.tsx';
import { When } from '../../ui/when.tsx';
import { Findings } from './findings.tsx';

/** What the last self-test saw this ERP do with a repeated reference. */
export function SelfTestPanel({ selfTest }: { selfTest: NonNullable<ConnectionRow['selfTest']> }) {
  return (
    <Panel title="Last self-test" aside={<When at={selfTest.at} />}>
      <Findings findings={selfTest.findings} />
    </Panel>
  );
}
