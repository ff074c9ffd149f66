import { Link } from '@tanstack/react-router';
import type { ConnectionRow } from '../../api/types.ts';
import { TableBox } from '../../ui/panel.tsx';
import { Mark } from '../../ui/state-mark.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';
import { humanWord, systemName } from '../../ui/words.ts';

/** One row a connection: what it may do, whether it is well, when it was last heard, what it lacks. */
export function ConnectionsTable({
  rows,
  chosen,
}: {
  rows: readonly ConnectionRow[];
  chosen: string | undefined;
}) {
  return (
    <TableBox label="Connections">
      <table className="ledger">
        <thead>
          <tr>
            <th scope="col">Connection</th>
            <th scope="col">System</th>
            <th scope="col">Code</th>
            <th scope="col">Phase</th>
            <th scope="col">Health</th>
            <th scope="col">Last read</th>
            <th scope="col">Last write</th>
            <th scope="col">Lacks</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className={row.id === chosen ? 'chosen' : undefined}>
              <th scope="row">
                <Link to="/connections" search={{ open: row.id }}>
                  <Untrusted text={row.name} />
                </Link>
              </th>
              <td>{systemName(row.system)}</td>
              <td className="mono">{row.code}</td>
              <td>
                {humanWord(row.phase)}
                {row.projects.length > 0 ? (
                  <span className="quiet small"> · {row.projects.length} projects differ</span>
                ) : null}
              </td>
              <td>
                <Mark word={row.ok ? 'Well' : 'Trouble'} tone={row.ok ? 'good' : 'bad'} />{' '}
                <span className="small">
                  <Untrusted text={row.message} />
                </span>
              </td>
              <td>
                <When at={row.lastReadAt} compact />
              </td>
              <td>
                <When at={row.lastWriteAt} compact />
              </td>
              <td className="small wide-name">
                {row.lacks.length === 0 ? (
                  <span className="quiet">nothing</span>
                ) : (
                  row.lacks.map((each) => <div key={each}>{each}</div>)
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}
