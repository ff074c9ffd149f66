import { useQuery } from '@tanstack/react-query';
import { evidenceQuery } from '../../api/queries.ts';
import type { Evidence as Known } from '../../api/types.ts';
import { Unknown } from '../../ui/amount.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Panel, TableBox } from '../../ui/panel.tsx';
import { Mark } from '../../ui/state-mark.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';
import { humanWord } from '../../ui/words.ts';

/** What the project knows besides its money: nothing is posted from it, and it may explain what the document says. */
export function Evidence({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(evidenceQuery(id));
  if (error) return <Failure failure={error} retry={() => void refetch()} />;
  if (!data || data.rows.length === 0) return null;
  const aside = data.more ? `The ${data.rows.length} closest; the project knows more` : undefined;
  return (
    <Panel title="What the project knows" aside={aside}>
      <TableBox label="What the project knows">
        <table className="ledger">
          <thead>
            <tr>
              <th scope="col">Record</th>
              <th scope="col">Title</th>
              <th scope="col">Status</th>
              <th scope="col">Says</th>
              <th scope="col">Seen</th>
            </tr>
          </thead>
          <tbody>
            {data.rows.map((row) => (
              <EvidenceRow key={`${row.object} ${row.id}`} row={row} />
            ))}
          </tbody>
        </table>
      </TableBox>
    </Panel>
  );
}

function EvidenceRow({ row }: { row: Known['rows'][number] }) {
  return (
    <tr>
      <th scope="row" className="number">
        {recordWord(row.object)} {row.number ? <bdi>{row.number}</bdi> : null}{' '}
        {row.named ? <Mark word="Names this" tone="needs" /> : null}
      </th>
      <td>
        <Untrusted text={row.title} />
      </td>
      <td>{row.status ? <Untrusted text={row.status} /> : <Unknown />}</td>
      <td className="quiet">
        {row.facts.map(({ name, value }) => (
          <div key={name}>
            {name}: <Untrusted text={value} />
          </div>
        ))}
      </td>
      <td>
        <When at={row.seenAt} compact />
      </td>
    </tr>
  );
}

function recordWord(object: string): string {
  return object === 'rfi' ? 'RFI' : humanWord(object);
}
