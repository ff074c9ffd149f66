import type { SimState } from '../company/state.ts';
import { copied, type Row, text } from '../documents/rows.ts';
import { checkedRow, parseRequestBody } from '../odata/body.ts';
import { alreadyExists, businessError } from '../odata/errors.ts';

/** Creates a financial project: flat, under a code that the caller gives and that nothing changes any more. */
export function createProject(state: SimState, requestText: string): Row {
  const sent = checkedRow(state, 'Project', parseRequestBody(requestText), 'create');
  const code = text(sent, 'Code') ?? '';
  if (code === '') throw businessError('Enter a code  [OPRJ.PrjCode]');
  if ((text(sent, 'Name') ?? '') === '') throw businessError('Enter a name  [OPRJ.PrjName]');
  if (state.projects.has(code)) throw alreadyExists('OPRJ');
  const project: Row = { ValidFrom: null, ValidTo: null, Active: 'tYES', ...sent };
  state.projects.set(code, project);
  return project;
}

/** There is no version of a project: whoever comes last is right. */
export function updateProject(state: SimState, stored: Row, requestText: string): void {
  const sent = checkedRow(state, 'Project', parseRequestBody(requestText), 'update');
  if ('Name' in sent && (text(sent, 'Name') ?? '') === '')
    throw businessError('Enter a name  [OPRJ.PrjName]');
  state.projects.set(text(stored, 'Code') ?? '', { ...copied(stored), ...sent });
}
