import type { ReviewItem } from '../../api/types.ts';
import { Amount } from '../../ui/amount.tsx';
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
              <EvidenceValue value={value} />
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

/** The service states amounts as "697680.55 USD ..."; they are shown like every other amount. */
function EvidenceValue({ value }: { value: string }) {
  const [, amount, currency, rest = ''] = /^(-?\d+\.\d+) ([A-Z]{3})\b(.*)$/s.exec(value) ?? [];
  if (!amount || !currency) return <Untrusted text={value} />;
  return (
    <>
      <Amount value={amount} currency={currency} />
      <Untrusted text={rest} />
    </>
  );
}
