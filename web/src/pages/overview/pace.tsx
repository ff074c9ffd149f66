import type { Overview } from '../../api/types.ts';
import { Panel } from '../../ui/panel.tsx';

/** The pace of posting, minute by minute: a picture, and the same as a table on demand. */
export function Pace({ perMinute }: { perMinute: Overview['postedPerMinute'] }) {
  if (perMinute.length < 2) return null;
  const most = Math.max(1, ...perMinute.map(({ count }) => count));
  const total = perMinute.reduce((sum, { count }) => sum + count, 0);
  const clock = (at: string | undefined) =>
    at ? new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' }) : '';
  return (
    <Panel
      title="Posted per minute"
      aside={
        <span className="quiet number">
          {total} in {perMinute.length} min, at most {most} a minute
        </span>
      }
    >
      <div className="panel-body">
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
    </Panel>
  );
}
