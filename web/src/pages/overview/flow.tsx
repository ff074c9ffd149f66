import type { Overview } from '../../api/types.ts';
import { Panel, TableBox } from '../../ui/panel.tsx';
import { systemName } from '../../ui/words.ts';

interface FlowProps {
  flow: Overview['flow'];
  perMinute: Overview['postedPerMinute'];
}

/** What came in and went out today, per system, and the pace of posting. */
export function Flow({ flow, perMinute }: FlowProps) {
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
      {perMinute.length > 1 ? <Pace perMinute={perMinute} /> : null}
    </Panel>
  );
}

function Pace({ perMinute }: { perMinute: FlowProps['perMinute'] }) {
  const most = Math.max(1, ...perMinute.map(({ count }) => count));
  const total = perMinute.reduce((sum, { count }) => sum + count, 0);
  const clock = (at: string | undefined) =>
    at ? new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' }) : '';
  return (
    <div className="panel-body">
      <div className="spread">
        <h3>Posted per minute</h3>
        <span className="small quiet number">
          {total} in {perMinute.length} min, at most {most} a minute
        </span>
      </div>
      <svg
        className="spark"
        viewBox={`0 0 ${perMinute.length * 10} 56`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Documents posted per minute: ${total} in ${perMinute.length} minutes, at most ${most} in one.`}
      >
        {perMinute.map(({ minute, count }, place) => {
          const height = (count * 52) / most;
          return <rect key={minute} x={place * 10 + 1} width="8" y={55 - height} height={height} />;
        })}
        <line x1="0" x2={perMinute.length * 10} y1="55.5" y2="55.5" vectorEffect="non-scaling-stroke" />
      </svg>
      <div className="spark-labels number" aria-hidden="true">
        <span>{clock(perMinute.at(0)?.minute)}</span>
        <span>{clock(perMinute.at(-1)?.minute)}</span>
      </div>
      <details>
        <summary>As a table</summary>
        <table className="ledger">
          <thead>
            <tr>
              <th scope="col">Minute</th>
              <th scope="col" className="right">
                Posted
              </th>
            </tr>
          </thead>
          <tbody>
            {perMinute.map(({ minute, count }) => (
              <tr key={minute}>
                <th scope="row">{clock(minute)}</th>
                <td className="right number">{count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}
