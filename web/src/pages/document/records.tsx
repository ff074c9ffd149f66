import type { DocumentDetail } from '../../api/types.ts';
import { Unknown } from '../../ui/amount.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { Panel, TableBox } from '../../ui/panel.tsx';
import { Mark } from '../../ui/state-mark.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';
import { humanWord, systemName, type Tone } from '../../ui/words.ts';

const postingTones: Record<string, Tone> = {
  posted: 'good',
  adopted: 'good',
  refused: 'bad',
  exception: 'bad',
  unknown: 'needs',
  settling: 'needs',
  cancelled: 'waiting',
  ready: 'waiting',
};

/** Each write with its state and the reference it carries into the other system. */
export function Postings({ document }: { document: DocumentDetail }) {
  if (document.postings.length === 0) return null;
  return (
    <Panel title="Writes">
      <TableBox label="Writes">
        <table className="ledger">
          <thead>
            <tr>
              <th scope="col">Write</th>
              <th scope="col">System</th>
              <th scope="col">State</th>
              <th scope="col">Reference</th>
              <th scope="col" className="right">
                Attempts
              </th>
              <th scope="col">Next look</th>
              <th scope="col">Reason</th>
            </tr>
          </thead>
          <tbody>
            {document.postings.map((posting) => (
              <tr key={posting.id}>
                <th scope="row" className="number">
                  {humanWord(posting.write)}
                </th>
                <td className="number">{systemName(posting.system)}</td>
                <td>
                  <Mark word={humanWord(posting.state)} tone={postingTones[posting.state] ?? 'flight'} />
                </td>
                <td className="reference">
                  <Copyable text={posting.reference} what={`reference ${posting.reference}`} />
                </td>
                <td className="right number">{posting.attempts}</td>
                <td>{posting.dueAt ? <When at={posting.dueAt} compact /> : <Unknown />}</td>
                <td>{posting.reason ? <Untrusted text={posting.reason} /> : <Unknown />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
    </Panel>
  );
}

const approvalTones = { valid: 'good', consumed: 'good', stale: 'waiting' } as const;
const approvalWords = { valid: 'Valid', consumed: 'Used', stale: 'Stale' } as const;

/** Who signed, and whether the signature still covers what is planned now. */
export function Approvals({ document }: { document: DocumentDetail }) {
  if (document.approvals.length === 0) return null;
  return (
    <Panel title="Approvals">
      <ul className="list-rows">
        {document.approvals.map((approval) => (
          <li key={`${approval.by} ${approval.at}`}>
            <span className="spread">
              <bdi>{approval.by}</bdi>
              <Mark word={approvalWords[approval.state]} tone={approvalTones[approval.state]} />
            </span>
            <span className="quiet small">
              as {humanWord(approval.role).toLowerCase()}, <When at={approval.at} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** The mapping rows that were used, with their version and author. */
export function Mappings({ document }: { document: DocumentDetail }) {
  if (document.mappings.length === 0) return null;
  return (
    <Panel title="Mapping rows used">
      <ul className="list-rows">
        {document.mappings.map((row) => (
          <li key={`${row.kind} ${row.key}`}>
            <span>
              {humanWord(row.kind)} <bdi className="mono">{row.key}</bdi> →{' '}
              <bdi className="mono">{row.value}</bdi>
            </span>
            <br />
            <span className="quiet small">
              version {row.version}, set by <bdi>{row.setBy}</bdi>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
