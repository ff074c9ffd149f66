import { Link } from '@tanstack/react-router';
import type { AuditEntry } from '../../api/types.ts';
import { Unknown } from '../../ui/amount.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { TableBox } from '../../ui/panel.tsx';
import { When } from '../../ui/when.tsx';
import { humanWord } from '../../ui/words.ts';

/** Entries as they were chained; the exact text and its hash are one click away. */
export function AuditTable({ rows }: { rows: AuditEntry[] }) {
  return (
    <TableBox label="Audit entries">
      <table className="ledger">
        <thead>
          <tr>
            <th scope="col" className="right">
              No.
            </th>
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col">Who</th>
            <th scope="col">Document</th>
            <th scope="col">Entry</th>
            <th scope="col">Hash</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.seq}>
              <th scope="row" className="right number">
                {row.seq}
              </th>
              <td>
                <When at={row.at} />
              </td>
              <td>{humanWord(row.kind)}</td>
              <td>
                <bdi>{row.actor}</bdi>
              </td>
              <td>
                {row.documentId ? (
                  <Link to="/documents/$id" params={{ id: row.documentId }} search={{}}>
                    <span className="mono">{row.documentId.slice(0, 8)}</span>
                  </Link>
                ) : (
                  <Unknown />
                )}
              </td>
              <td className="entry">
                <details>
                  <summary>
                    Show<span className="hidden-word"> entry {row.seq}</span>
                  </summary>
                  <pre className="mono">{row.entry}</pre>
                </details>
              </td>
              <td>
                <Copyable text={row.hash} shown={row.hash.slice(0, 10)} what={`hash of entry ${row.seq}`} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}
