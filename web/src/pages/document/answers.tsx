import { Link } from '@tanstack/react-router';
import type { DocumentDetail } from '../../api/types.ts';
import { Amount } from '../../ui/amount.tsx';
import { Copyable, DeepLink } from '../../ui/copyable.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { Day } from '../../ui/when.tsx';
import { humanWord, systemName } from '../../ui/words.ts';
import { Actions } from './actions.tsx';

/** What is it, where is it, what does it wait for, what can I do. */
export function Answers({ document }: { document: DocumentDetail }) {
  return (
    <dl className="panel answers">
      <div>
        <dt>What is it</dt>
        <dd>
          <span className="figure">
            <Amount value={document.amount} currency={document.currency} />
          </span>
          {document.vendor ? (
            <span>
              <Untrusted text={document.vendor} />
            </span>
          ) : null}
          {document.project ? (
            <Link to="/documents" search={{ project: document.project.id }}>
              <Untrusted text={document.project.name} />
            </Link>
          ) : null}
          <span className="quiet">
            Revision {document.revision}
            {document.accountingDate ? (
              <>
                , accounting date <Day day={document.accountingDate} />
              </>
            ) : null}
          </span>
        </dd>
      </div>
      <div>
        <dt>Where is it</dt>
        <dd>
          <Places document={document} />
        </dd>
      </div>
      <div>
        <dt>What does it wait for</dt>
        <dd>
          <span>{document.waitsFor ? <Untrusted text={document.waitsFor} /> : 'Nothing.'}</span>
          {document.owner ? (
            <span className="quiet">
              With: <bdi>{ownerText(document.owner)}</bdi>
            </span>
          ) : null}
        </dd>
      </div>
      <div>
        <dt>What can I do</dt>
        <dd>
          <Actions document={document} />
        </dd>
      </div>
    </dl>
  );
}

function Places({ document }: { document: DocumentDetail }) {
  const { source, target } = document;
  return (
    <>
      <span className="place">
        <b>{systemName(source.system)}</b>
        <span>{humanWord(source.object)}</span>
        <Copyable text={source.id} what={`${systemName(source.system)} id ${source.id}`} />
        <DeepLink href={source.url}>Open</DeepLink>
      </span>
      <span className="place">
        <b>{systemName(target.system)}</b>
        {target.company === null ? null : <Untrusted text={target.company} />}
        {target.id === null && target.number === null ? (
          <span className="quiet">not there yet</span>
        ) : (
          <>
            {target.number ? <bdi>no. {target.number}</bdi> : null}
            {target.id ? (
              <Copyable text={target.id} what={`${systemName(target.system)} id ${target.id}`} />
            ) : null}
            <DeepLink href={target.url}>Open</DeepLink>
          </>
        )}
      </span>
      <span className="place">
        <b>Tiebeam</b>
        <Copyable text={document.id} shown={document.id.slice(0, 8)} what={`Tiebeam id ${document.id}`} />
        <Link to="/audit" search={{ document: document.id }}>
          Audit
        </Link>
      </span>
    </>
  );
}

function ownerText(owner: string): string {
  const system = systemName(owner);
  return system === owner ? humanWord(owner) : system;
}
