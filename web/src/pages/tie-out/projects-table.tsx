import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ProjectTieOut } from '../../api/types.ts';
import { Amount } from '../../ui/amount.tsx';
import { isZero, sumAmounts } from '../../ui/amount-text.ts';
import { TableBox } from '../../ui/panel.tsx';
import { Mark } from '../../ui/state-mark.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { postedStatesText } from '../../ui/words.ts';
import { DocumentsLink } from './documents-link.tsx';
import type { Measure } from './measures.ts';

interface ProjectsTableProps {
  projects: ProjectTieOut[];
  chosenId: string | undefined;
  measure: Measure;
}

/** Committed cost of every project on both sides. Each number opens what it is made of. */
export function ProjectsTable({ projects, chosenId, measure }: ProjectsTableProps) {
  const cursor = useProjectCursor(projects, chosenId, measure);
  return (
    <TableBox label={`${measure.name} by project`}>
      <table className="ledger">
        <thead>
          <tr>
            <th scope="col" className="first">
              Project
            </th>
            <th scope="col">Result</th>
            <th scope="col">Cur.</th>
            <th scope="col" className="right">
              Procore
            </th>
            <th scope="col" className="right">
              ERP
            </th>
            <th scope="col" className="right">
              Difference
            </th>
            <th scope="col" className="right">
              Explained
            </th>
            <th scope="col" className="right">
              Unexplained
            </th>
          </tr>
        </thead>
        <tbody>
          {projects.map((row) => (
            <ProjectRow
              key={row.project.id}
              row={row}
              measure={measure}
              isChosen={row.project.id === (cursor ?? chosenId)}
            />
          ))}
        </tbody>
        <Totals projects={projects} />
      </table>
    </TableBox>
  );
}

interface RowProps {
  row: ProjectTieOut;
  measure: Measure;
}

function ProjectRow({ row, measure, isChosen }: RowProps & { isChosen: boolean }) {
  const { project } = row;
  const { of, opens } = measure;
  return (
    <tr className={isChosen ? 'chosen' : undefined}>
      <th scope="row" className="first wide-name">
        <Link to="/tie-out" search={{ of, project: project.id }} resetScroll={false}>
          <Untrusted text={project.name} />
        </Link>
        <bdi className="quiet small project-number">
          {[project.number, project.erpCode].filter(Boolean).join(' · ')}
        </bdi>
      </th>
      <td>{resultMark(row)}</td>
      <td>{row.currency}</td>
      <td className="right">
        <DocumentsLink project={project.id} opens={opens}>
          <Amount value={row.source} />
        </DocumentsLink>
      </td>
      <td className="right">
        <DocumentsLink project={project.id} opens={opens} state={postedStatesText}>
          <Amount value={row.target} />
        </DocumentsLink>
      </td>
      <td className="right">
        <BridgeLink row={row} measure={measure} value={row.difference} />
      </td>
      <td className="right">
        <BridgeLink row={row} measure={measure} value={row.explained} />
      </td>
      <td className="right">
        <BridgeLink row={row} measure={measure} value={row.residual} />
      </td>
    </tr>
  );
}

function BridgeLink({ row, measure: { of }, value }: RowProps & { value: string }) {
  return (
    <Link to="/tie-out" search={{ of, project: row.project.id }} resetScroll={false}>
      <Amount value={value} signed />
    </Link>
  );
}

function Totals({ projects }: { projects: ProjectTieOut[] }) {
  const currencies = new Set(projects.map(({ currency }) => currency));
  // Amounts of different currencies have no sum.
  if (currencies.size !== 1) return null;
  const total = (pick: (row: ProjectTieOut) => string) => sumAmounts(projects.map(pick));
  return (
    <tfoot>
      <tr>
        <th scope="row" className="first" colSpan={3}>
          All projects
        </th>
        <td className="right">
          <Amount value={total((row) => row.source)} />
        </td>
        <td className="right">
          <Amount value={total((row) => row.target)} />
        </td>
        <td className="right">
          <Amount value={total((row) => row.difference)} signed />
        </td>
        <td className="right">
          <Amount value={total((row) => row.explained)} signed />
        </td>
        <td className="right">
          <Amount value={total((row) => row.residual)} signed />
        </td>
      </tr>
    </tfoot>
  );
}

function resultMark(row: ProjectTieOut) {
  if (!isZero(row.residual)) return <Mark word="Unexplained" tone="bad" />;
  if (isZero(row.difference) && row.items.length === 0) return <Mark word="Ties out" tone="good" />;
  return <Mark word={`${row.items.length} explained`} tone="waiting" />;
}

/** j and k walk the projects, enter opens the bridge. */
function useProjectCursor(
  projects: ProjectTieOut[],
  chosenId: string | undefined,
  { of }: Measure,
): string | undefined {
  const navigate = useNavigate();
  const [cursor, setCursor] = useState<string>();
  const place = projects.findIndex(({ project }) => project.id === (cursor ?? chosenId));
  const move = (step: number) =>
    setCursor(projects[Math.min(projects.length - 1, Math.max(0, place + step))]?.project.id);
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    Enter: () => {
      if (cursor) void navigate({ to: '/tie-out', search: { of, project: cursor }, resetScroll: false });
    },
  });
  return cursor;
}
