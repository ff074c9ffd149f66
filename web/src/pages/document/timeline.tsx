import type { DocumentDetail } from '../../api/types.ts';
import { Empty, Panel } from '../../ui/panel.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';

/** What happened, oldest first. An entry of the audit chain shows its number. */
export function Timeline({ entries }: { entries: DocumentDetail['timeline'] }) {
  return (
    <Panel title="Timeline">
      {entries.length === 0 ? (
        <Empty title="Nothing has happened yet" />
      ) : (
        <ol className="timeline">
          {entries.map((entry) => (
            <li key={`${entry.at} ${entry.kind} ${entry.auditSeq ?? ''}`}>
              <Untrusted text={entry.sentence} />
              <span className="meta">
                <When at={entry.at} /> · <bdi>{entry.actor}</bdi>
                {entry.auditSeq === null ? null : <> · audit {entry.auditSeq}</>}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
