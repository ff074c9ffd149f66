import type { DocumentDetail, FieldPair } from '../../api/types.ts';
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
          <table className="ledger tight">
            <thead>
              <tr>
                <th scope="col">Field</th>
                <th scope="col">{systemName(source.system)}</th>
                <th scope="col" className="target-side">
                  {systemName(target.system)}
                </th>
                <th scope="col">Compared</th>
              </tr>
            </thead>
            <tbody>
              {fields.map((pair) => (
                <tr key={pair.field} className={pair.same === false ? 'differs' : undefined}>
                  <th scope="row">{pair.field}</th>
                  <td>
                    <Side field={pair.field} value={pair.source} name={nameOf(pair, document)} />
                  </td>
                  <td>
                    <Side field={pair.field} value={pair.target} />
                  </td>
                  <td className="number">{sameWord(pair)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
      )}
    </Panel>
  );
}

/** A project is known to people by its name, not by its id. */
function nameOf({ field }: FieldPair, { project }: DocumentDetail): string | undefined {
  return field === 'Project' ? project?.name : undefined;
}

interface SideProps {
  field: string;
  value: string | null;
  name?: string | undefined;
}

function Side({ field, value, name }: SideProps) {
  if (value === null) return <Unknown />;
  if (/total|amount/i.test(field)) return <Amount value={value} />;
  if (name === undefined) return <Untrusted text={value} />;
  return (
    <>
      <Untrusted text={name} /> <bdi className="mono quiet">{value}</bdi>
    </>
  );
}

// Codes of two systems are never equal; a mapping or a vendor link makes them one.
const mappedFields = new Set(['Project', 'Vendor', 'Id']);

function sameWord({ field, target, same }: FieldPair) {
  if (same === false) return <Mark word="Differs" tone="needs" />;
  if (same) return <span className="quiet">same</span>;
  if (target === null) return <Unknown />;
  return <span className="quiet">{mappedFields.has(field) ? 'by mapping' : 'not compared'}</span>;
}
