import type { DocumentDetail } from '../../api/types.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { humanWord, systemName } from '../../ui/words.ts';

/** Why it stands where it stands: each cause with its remedy and the one who can move it. */
export function Reasons({ reasons }: { reasons: DocumentDetail['reasons'] }) {
  if (reasons.length === 0) return null;
  return (
    <section aria-label="Why it stands here" className="stack" style={{ gap: 8 }}>
      {reasons.map((reason) => (
        <div key={`${reason.code} ${reason.field ?? ''} ${reason.message}`} className="notice tone-needs">
          <strong>
            <Untrusted text={reason.message} />
          </strong>
          {reason.remedy ? (
            <span className="small">
              <Untrusted text={reason.remedy} />
            </span>
          ) : null}
          <span className="small">
            With:{' '}
            {systemName(reason.owner) === reason.owner ? humanWord(reason.owner) : systemName(reason.owner)}
            {reason.field ? (
              <>
                {' '}
                · field <bdi className="mono">{reason.field}</bdi>
              </>
            ) : null}
          </span>
        </div>
      ))}
    </section>
  );
}
