import { Link } from '@tanstack/react-router';
import type { Overview } from '../../api/types.ts';
import { Panel, TableBox } from '../../ui/panel.tsx';
import { Mark } from '../../ui/state-mark.tsx';
import { Untrusted, visibleText } from '../../ui/untrusted.tsx';
import { When } from '../../ui/when.tsx';
import { humanWord, systemName } from '../../ui/words.ts';

interface ConnectionsProps {
  health: Overview['health'];
  auditEntries: number;
}

/** Each connection: what it may do, whether it is well, when it last read and wrote. */
export function Connections({ health, auditEntries }: ConnectionsProps) {
  return (
    <Panel
      title="Connections"
      aside={
        <Link to="/audit" search={{}}>
          {auditEntries.toLocaleString()} audit entries
        </Link>
      }
    >
      <TableBox label="Connections">
        <table className="ledger">
          <thead>
            <tr>
              <th scope="col">System</th>
              <th scope="col">Phase</th>
              <th scope="col">Health</th>
              <th scope="col">Last read</th>
              <th scope="col">Last write</th>
            </tr>
          </thead>
          <tbody>
            {health.map((row) => (
              <tr key={row.connection}>
                <th scope="row" title={row.connection}>
                  {systemName(row.system)}
                </th>
                <td className="number">{humanWord(row.phase)}</td>
                <td>
                  <span title={visibleText(row.message)}>
                    <Mark word={row.ok ? 'Well' : 'Trouble'} tone={row.ok ? 'good' : 'bad'} />
                  </span>
                  {row.ok ? (
                    <span className="hidden-word"> {row.message}</span>
                  ) : (
                    <Untrusted text={row.message} />
                  )}
                </td>
                <td>
                  <When at={row.lastReadAt} compact />
                </td>
                <td>
                  <When at={row.lastWriteAt} compact />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
    </Panel>
  );
}
