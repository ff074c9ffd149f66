import type { ProjectTieOut } from '../../api/types.ts';
import { Amount } from '../../ui/amount.tsx';
import { isZero, sumAmounts } from '../../ui/amount-text.ts';
import { Panel, TableBox } from '../../ui/panel.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';

/** Code by code: what Procore says, and what of it was carried from here. The service puts what differs most first. */
export function TieOutLines({ tieOut }: { tieOut: ProjectTieOut }) {
  const { lines = [], project, currency } = tieOut;
  if (lines.length === 0) return null;
  const sum = (pick: 'source' | 'carried' | 'difference') => sumAmounts(lines.map((line) => line[pick]));
  return (
    <Panel title={`Line by line: ${project.name}`} aside={<span className="quiet">{currency}</span>}>
      <TableBox label="Line by line">
        <table className="ledger tight">
          <thead>
            <tr>
              <th scope="col">Line</th>
              <th scope="col" className="right">
                Procore
              </th>
              <th scope="col" className="right">
                Carried to the ERP
              </th>
              <th scope="col" className="right">
                Difference
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ name, source, carried, difference }) => (
              <tr key={name} className={isZero(difference) ? undefined : 'differs'}>
                <th scope="row">
                  <Untrusted text={name} />
                </th>
                <td className="right">
                  <Amount value={source} />
                </td>
                <td className="right">
                  <Amount value={carried} />
                </td>
                <td className="right">
                  <Amount value={difference} signed />
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">All lines</th>
              <td className="right">
                <Amount value={sum('source')} />
              </td>
              <td className="right">
                <Amount value={sum('carried')} />
              </td>
              <td className="right">
                <Amount value={sum('difference')} signed />
              </td>
            </tr>
          </tfoot>
        </table>
      </TableBox>
      <p className="panel-body small quiet">
        What people changed in the ERP itself stands in the bridge: it belongs to no line here.
      </p>
    </Panel>
  );
}
