import type { ReviewItem } from '../../api/types.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { humanWord } from '../../ui/words.ts';

/** What the decision rests on, as the service summed it up; the hash binds a signature to exactly this. */
export function Evidence({ item }: { item: ReviewItem }) {
  if (item.evidence.length === 0 && item.payloadHash === null) return null;
  return (
    <Panel
      title="Evidence"
      aside={
        item.payloadHash ? (
          <Copyable
            text={item.payloadHash}
            shown={item.payloadHash.slice(0, 12)}
            what={`payload hash ${item.payloadHash}`}
          />
        ) : null
      }
    >
      <dl className="evidence">
        {item.evidence.map(({ label, value }) => (
          <div key={`${label} ${value}`}>
            <dt>{humanWord(label)}</dt>
            <dd>
              <Untrusted text={value} />
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
