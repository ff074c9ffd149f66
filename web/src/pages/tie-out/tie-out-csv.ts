import type { ProjectTieOut } from '../../api/types.ts';
import { csvText } from '../../ui/csv.ts';
import { causeWords } from '../../ui/words.ts';

const heads = [
  'project',
  'erp project',
  'currency',
  'what',
  'cause',
  'procore',
  'erp',
  'difference',
] as const;

/** Per project its totals, what the difference is made of, and line by line what was carried. */
export function tieOutCsv(projects: readonly ProjectTieOut[]): string {
  return csvText(
    heads,
    projects.flatMap(({ project, currency, ...own }) => {
      const begin = [project.name, project.erpCode ?? '', currency];
      return [
        [...begin, 'total', '', own.source, own.target, own.difference],
        ...own.items.map(({ number, title, cause, amount }) => [
          ...begin,
          `${number} ${title}`.trim(),
          causeWords[cause],
          ...['', '', amount],
        ]),
        ...(own.lines ?? []).map(({ name, source, carried, difference }) => [
          ...[...begin, `line ${name}`, ''],
          ...[source, carried, difference],
        ]),
      ];
    }),
  );
}
