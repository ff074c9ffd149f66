import { useId } from 'react';
import type { DocumentDetail } from '../../api/types.ts';
import { Untrusted } from '../../ui/untrusted.tsx';

/** What keeps the money of an invoice back: each cause with the paper, the date and what ends it. */
export function Payment({ document }: { document: DocumentDetail }) {
  const heading = useId();
  if (document.payment.length === 0) return null;
  return (
    <section className="panel payment" aria-labelledby={heading}>
      <h2 id={heading}>{document.held ? 'Payment held' : 'Payment'}</h2>
      <ul>
        {document.payment.map(({ code, message, remedy }) => (
          <li key={`${code} ${message}`}>
            <Untrusted text={message} />
            {remedy ? (
              <span className="quiet">
                {' '}
                <Untrusted text={remedy} />
              </span>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
