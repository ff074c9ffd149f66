import type { Finding } from '../../api/types.ts';
import { Mark } from '../../ui/state-mark.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';

/** What was tried, whether it held, and what to do if not. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <ul className="findings" aria-label="Findings">
      {findings.map((finding, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: findings are only ever added at the end.
        <li key={place}>
          <FindingMark finding={finding} />
          <span>
            <b>
              <Untrusted text={finding.subject} />
            </b>{' '}
            <Untrusted text={finding.message} />
            {!finding.ok && finding.remedy ? (
              <span className="small why">
                {' '}
                What to do: <Untrusted text={finding.remedy} />
              </span>
            ) : null}
          </span>
        </li>
      ))}
    </ul>
  );
}

function FindingMark({ finding: { ok, unproven } }: { finding: Finding }) {
  if (unproven) return <Mark word="Unproven" tone="waiting" />;
  return ok ? <Mark word="Holds" tone="good" /> : <Mark word="Failed" tone="bad" />;
}
