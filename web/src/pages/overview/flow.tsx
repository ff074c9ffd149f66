import type { Overview } from '../../api/types.ts';
import { Panel, TableBox } from '../../ui/panel.tsx';
import { systemName } from '../../ui/words.ts';

/** What came in and went out today, per system. */
export function Flow({ flow }: { flow: Overview['flow'] }) {
  return (
    <Panel title="Flow today" aside={<span className="quiet">documents</span>}>
      <TableBox label="Flow per system today">
        <table className="ledger">
          <thead>
            <tr>
              <th scope="col">System</th>
              <th scope="col" className="right">
                Received
              </th>
              <th scope="col" className="right">
                In flight
              </th>
              <th scope="col" className="right">
                Posted
              </th>
            </tr>
          </thead>
          <tbody>
            {flow.map(({ system, received, inFlight, posted }) => (
              <tr key={system}>
                <th scope="row">{systemName(system)}</th>
                <td className="right number">{received}</td>
                <td className="right number">{inFlight}</td>
                <td className="right number">{posted}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
    </Panel>
  );
}
