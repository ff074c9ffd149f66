import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ApiFailure } from '../api/client.ts';
import type { ConnectionForm as Stored, SystemForm } from '../api/types.ts';
import { useAct } from '../api/use-act.ts';
import { Failure } from '../ui/failure.tsx';
import { useDraft } from '../ui/use-draft.ts';
import { ConnectionFields } from './connection-fields.tsx';
import './form.css';

interface ConnectionFormProps {
  system: SystemForm;
  /** The connection as it is saved; absent for a new one. */
  stored?: Stored;
  onSaved: (id: string) => void;
  onCancel: () => void;
}

type Typed = Record<string, string>;

/** Where a system is and who signs in there, as its connector asks for it. */
export function ConnectionForm({ system, stored, onSaved, onCancel }: ConnectionFormProps) {
  const [draft, setDraft, dropDraft] = useDraft(`connection.${stored?.id ?? `new.${system.id}`}`);
  // A secret is never kept, not even until the next reload.
  const [secrets, setSecrets] = useState<Typed>({});
  const typed: Typed = {
    ...beginning(system, stored),
    ...(draft === '' ? {} : JSON.parse(draft)),
    ...secrets,
  };
  const save = useAct(() => {
    dropDraft();
    setSecrets({});
    onSaved(idOf(typed));
  });
  const faults = save.error instanceof ApiFailure ? (save.error.problem?.fields ?? []) : [];
  const faultOf = (name: string) => faults.find(({ field }) => field === name)?.message;
  const change = (name: string, text: string) => {
    if (system.fields.some((field) => field.secret && field.name === name.replace('values.', '')))
      setSecrets((before) => ({ ...before, [name]: text }));
    else setDraft(JSON.stringify({ ...(draft === '' ? {} : JSON.parse(draft)), [name]: text }));
  };
  const own = (name: string, label: string, description: string) => (
    <TextInput
      label={label}
      description={description}
      required
      withAsterisk={false}
      value={typed[name] ?? ''}
      error={faultOf(name)}
      onChange={(event) => change(name, event.currentTarget.value)}
    />
  );
  return (
    <form
      className="form connection-form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(requestOf(system, typed, stored !== undefined));
      }}
    >
      {own('name', 'Name', 'What people call it.')}
      {stored ? null : (
        <>
          {own('id', 'Id', 'a-z, 0-9 and dashes; it cannot be changed later.')}
          {own(
            'code',
            'Code',
            'Two of A-Z and 0-9. It becomes part of every reference in the ERP and cannot be changed later.',
          )}
        </>
      )}
      <ConnectionFields
        fields={system.fields}
        stored={stored !== undefined}
        faults={faults}
        values={valuesIn(typed)}
        onChange={(name, text) => change(`values.${name}`, text)}
      />
      <p className="small">
        {stored
          ? 'Another address or login makes the connection read-only until somebody raises its phase again. Other processes of Tiebeam take the change up when they are started again.'
          : 'A new connection starts read-only: nothing is written before somebody raises its phase.'}
      </p>
      <Failure failure={save.error} />
      <div className="actions">
        <Button type="submit" loading={save.isPending}>
          {stored ? 'Save' : 'Connect'}
        </Button>
        <Button
          variant="default"
          onClick={() => {
            dropDraft();
            onCancel();
          }}
        >
          Cancel
        </Button>
      </div>
    </form>
  );
}

function beginning(system: SystemForm, stored: Stored | undefined): Typed {
  if (stored === undefined)
    return { id: system.id, name: system.title, code: system.side === 'procore' ? 'PC' : '' };
  const values = Object.entries(stored.values).map(([name, text]) => [`values.${name}`, text]);
  return { id: stored.id, name: stored.name, ...Object.fromEntries(values) };
}

function requestOf(system: SystemForm, typed: Typed, isStored: boolean): { path: string; body: object } {
  const { name, id, code } = typed;
  const values = valuesIn(typed);
  if (isStored) return { path: `/connections/${encodeURIComponent(idOf(typed))}`, body: { name, values } };
  return { path: '/connections', body: { id, name, code, system: system.id, values } };
}

function idOf(typed: Typed): string {
  return typed.id ?? '';
}

function valuesIn(typed: Typed): Typed {
  return Object.fromEntries(
    Object.entries(typed)
      .filter(([name]) => name.startsWith('values.'))
      .map(([name, text]) => [name.slice('values.'.length), text]),
  );
}
