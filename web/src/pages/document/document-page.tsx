import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { documentQuery } from '../../api/queries.ts';
import type { DocumentDetail } from '../../api/types.ts';
import { Bones } from '../../ui/bones.tsx';
import { kindWord } from '../../ui/dictionaries.ts';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { Mark, StateMark } from '../../ui/state-mark.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { useWords } from '../../ui/use-words.ts';
import { When } from '../../ui/when.tsx';
import { Answers } from './answers.tsx';
import { BothSides } from './both-sides.tsx';
import { Evidence } from './evidence.tsx';
import { Lines } from './lines.tsx';
import { Payloads } from './payloads.tsx';
import { Payment } from './payment.tsx';
import { Reasons } from './reasons.tsx';
import { Approvals, Mappings, Postings } from './records.tsx';
import { Timeline } from './timeline.tsx';
import './document.css';

const route = getRouteApi('/shell/documents/$id');

/** The record page: four questions answered at the top, then both sides, the history and the bytes. */
export function DocumentPage() {
  const { id } = route.useParams();
  const words = useWords();
  const { data, error, refetch } = useQuery(documentQuery(id));
  if (!data) {
    return (
      <Page title="Document">
        {error ? (
          <Failure failure={error} retry={() => void refetch()} />
        ) : (
          <>
            <div className="panel answers-bones">
              <Bones rows={5} label="Loading the document" />
            </div>
            <div className="panel">
              <Bones rows={14} label="Loading both sides" />
            </div>
          </>
        )}
      </Page>
    );
  }
  return (
    <Page
      title={`${kindWord(data.kind, words)} ${data.number}`}
      heading={<Heading document={data} />}
      aside={
        <>
          Changed <When at={data.updatedAt} relative />
        </>
      }
    >
      {error ? <Failure failure={error} retry={() => void refetch()} /> : null}
      <Answers document={data} />
      <Reasons reasons={data.reasons} />
      <Payment document={data} />
      <div className="record">
        <div className="stack">
          <BothSides document={data} />
          <Approvals document={data} />
          <Mappings document={data} />
        </div>
        <Timeline entries={data.timeline} />
      </div>
      <Lines document={data} />
      <Evidence id={data.id} />
      <Postings document={data} />
      <Payloads document={data} />
    </Page>
  );
}

function Heading({ document }: { document: DocumentDetail }) {
  const words = useWords();
  return (
    <span className="row">
      {kindWord(document.kind, words)} <bdi>{document.number}</bdi>
      <span className="document-title">
        <Untrusted text={document.title} />
      </span>
      <StateMark state={document.state} />
      {document.held ? <Mark word="Payment held" tone="needs" /> : null}
    </span>
  );
}
