import type { DocumentDetail } from '../../api/types.ts';
import { Amount, Unknown } from '../../ui/amount.tsx';
import { Empty, Panel, TableBox } from '../../ui/panel.tsx';
import { Mark } from '../../ui/state-mark.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { systemName } from '../../ui/words.ts';

/** Source and target field by field. */
export function BothSides({ document }: { document: DocumentDetail }) {
  const { source, target, fields } = document;
  const differing = fields.filter(({ same }) => same === false).length;
  return (
    <Panel
      title="Both sides"
      aside={
        differing > 0 ? (
          <Mark word={differing === 1 ? '1 field differs' : `${differing} fields differ`} tone="needs" />
        ) : null
      }
    >
      {fields.length === 0 ? (
        <Empty title="Nothing to compare yet">The record is being fetched.</Empty>
      ) : (
        <TableBox label="Both sides, field by field">
          <table className="ledger">
            <thead>
              <tr>
                <th scope="col">Field</th>
                <th scope="col">{systemName(source.system)}</th>
                <th scope="col">{systemName(target.system)}</th>
                <th scope="col">Compared</th>
              </tr>
            </thead>
            <tbody>
              {fields.map((pair) => (
                <tr key={pair.field} className={pair.same === false ? 'differs' : undefined}>
                  <th scope="row">{pair.field}</th>
                  <td>
                    <Side field={pair.field} value={pair.source} />
                  </td>
                  <td>
                    <Side field={pair.field} value={pair.target} />
                  </td>
                  <td>{sameWord(pair.same)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
      )}
    </Panel>
  );
}

function Side({ field, value }: { field: string; value: string | null }) {
  if (value === null) return <Unknown />;
  if (/total|amount/i.test(field)) return <Amount value={value} />;
  return <Untrusted text={value} />;
}

function sameWord(same: boolean | null) {
  if (same === null) return <span className="quiet">by mapping</span>;
  return same ? <span className="quiet">same</span> : <Mark word="Differs" tone="needs" />;
}
