import { useNavigate, useSearch } from '@tanstack/react-router';
import type { DocumentDetail } from '../../api/types.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { systemName } from '../../ui/words.ts';

/** The bytes themselves: what is sent, and what it was made from. */
export function Payloads({ document }: { document: DocumentDetail }) {
  const { payload = 'sent' } = useSearch({ from: '/shell/documents/$id' });
  const navigate = useNavigate();
  const text = payload === 'sent' ? document.payload : document.sourcePayload;
  const views = [
    { view: 'sent' as const, name: `For ${systemName(document.target.system)}` },
    { view: 'source' as const, name: `From ${systemName(document.source.system)}` },
  ];
  return (
    <Panel
      title="Payloads"
      aside={
        <div className="tabs" role="tablist" aria-label="Payload">
          {views.map(({ view, name }) => (
            <button
              key={view}
              type="button"
              role="tab"
              id={`tab-${view}`}
              aria-selected={payload === view}
              aria-controls="payload"
              onClick={() =>
                void navigate({
                  to: '/documents/$id',
                  params: { id: document.id },
                  search: { payload: view },
                  replace: true,
                  resetScroll: false,
                })
              }
            >
              {name}
            </button>
          ))}
        </div>
      }
    >
      <div role="tabpanel" id="payload" aria-labelledby={`tab-${payload}`}>
        {payload === 'sent' && document.payloadHash ? (
          <div className="panel-body row small quiet" style={{ paddingBottom: 0 }}>
            Hash that an approval signs
            <Copyable
              text={document.payloadHash}
              shown={document.payloadHash.slice(0, 16)}
              what={`payload hash ${document.payloadHash}`}
            />
          </div>
        ) : null}
        {text === null ? (
          <Empty title="Nothing here yet">
            {payload === 'sent'
              ? 'It is made once everything it needs is mapped.'
              : 'The record was not fetched.'}
          </Empty>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must take the focus to be scrolled by keyboard.
          <pre className="payload" tabIndex={0}>
            {text}
          </pre>
        )}
      </div>
    </Panel>
  );
}
