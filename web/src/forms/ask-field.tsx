import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { targetsQuery } from '../api/queries.ts';
import type { Ask, Target } from '../api/types.ts';
import { Untrusted } from '../ui/untrusted.tsx';

interface AskFieldProps {
  ask: Ask;
  chosen: string;
  onChoose: (code: string) => void;
}

const targetKinds = {
  company: 'company',
  project: 'project',
  vendor: 'vendor',
  cost: 'account',
  retainage: 'account',
  customer: 'customer',
  revenue: 'account',
  'retainage-receivable': 'account',
} as const;

/** One missing row: suggestions first, then every code of the ERP. */
export function AskField({ ask, chosen, onChoose }: AskFieldProps) {
  const name = useId();
  const [typed, setTyped] = useState('');
  const { data: targets = [] } = useQuery(targetsQuery(targetKinds[ask.kind], typed, ask.scope?.id ?? ''));
  const isSuggested = ask.suggestions.some(({ code }) => code === chosen);
  return (
    <fieldset className="ask">
      <legend>
        <Untrusted text={ask.label} />
      </legend>
      <p className="small quiet">
        <bdi className="mono">{ask.key}</bdi>{' '}
        {ask.scope ? (
          <>
            in <Untrusted text={ask.scope.name} /> only
          </>
        ) : ask.kind === 'company' ? (
          'in Procore'
        ) : (
          'in every project'
        )}
      </p>
      {ask.suggestions.map(({ code, name: title, why }) => (
        <label key={code} className="choice">
          <input type="radio" name={name} checked={code === chosen} onChange={() => onChoose(code)} />
          <span>
            <b className="mono">{code}</b> <Untrusted text={title} />
            <span className="quiet small why">
              <Untrusted text={why} />
            </span>
          </span>
        </label>
      ))}
      <Select
        label={labelOf(ask)}
        placeholder="Search by code or name"
        searchable
        clearable
        size="xs"
        limit={30}
        data={optionsOf(targets, isSuggested ? '' : chosen)}
        value={isSuggested || chosen === '' ? null : chosen}
        onSearchChange={(text) => setTyped(text.split(' · ')[0] ?? '')}
        // The service has already searched; filtering again here would hide matches it found by other words.
        filter={({ options }) => options}
        onChange={(code) => onChoose(code ?? '')}
        nothingFoundMessage="No such code in the ERP"
        comboboxProps={{ transitionProps: { duration: 0 } }}
      />
    </fieldset>
  );
}

function labelOf({ kind, suggestions }: Ask): string {
  if (kind === 'company') return 'ERP connection';
  return suggestions.length > 0 ? 'Another code' : 'Code in the ERP';
}

function optionsOf(targets: Target[], chosen: string): { value: string; label: string }[] {
  const options = targets.map(({ code, name }) => ({ value: code, label: `${code} · ${name}` }));
  const isListed = chosen === '' || targets.some(({ code }) => code === chosen);
  return isListed ? options : [{ value: chosen, label: chosen }, ...options];
}
