import { Button, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { DocumentRow } from '../../api/types.ts';
import type { DocumentsSearch } from '../../routes/search.ts';
import { kindWord } from '../../ui/dictionaries.ts';
import { useWords } from '../../ui/use-words.ts';
import { savedViews, stateWords } from '../../ui/words.ts';
import { downloadCsv } from './documents-csv.ts';

const TYPING_PAUSE_MS = 250;

/** Saved views, the search box, and a chip for every filter that only a link sets. */
export function DocumentFilters({ filter, rows }: { filter: DocumentsSearch; rows: DocumentRow[] }) {
  const navigate = useNavigate();
  const words = useWords();
  const go = (next: DocumentsSearch, replace = false) =>
    void navigate({ to: '/documents', search: dropEmpty(next), replace });
  const projectName = rows.find(({ project }) => project?.id === filter.project)?.project?.name;
  const state = filter.state ?? '';
  const isSaved = savedViews.some(({ states }) => states.join(',') === state);
  return (
    <div className="stack" style={{ gap: 10 }}>
      <div className="filters">
        <fieldset className="views">
          <legend className="hidden-word">Saved views</legend>
          {savedViews.map(({ name, states }) => (
            <button
              type="button"
              key={name}
              aria-pressed={states.join(',') === state}
              onClick={() => go({ ...filter, state: states.join(',') })}
            >
              {name}
            </button>
          ))}
        </fieldset>
        <SearchBox initial={filter.q ?? ''} onSearch={(q) => go({ ...filter, q }, true)} />
        <Button variant="default" size="xs" disabled={rows.length === 0} onClick={() => downloadCsv(rows)}>
          CSV
        </Button>
      </div>
      {filter.project || filter.kind || filter.owner || !isSaved ? (
        <div className="row">
          {isSaved ? null : (
            <Chip text={`State: ${stateText(state)}`} onRemove={() => go({ ...filter, state: undefined })} />
          )}
          {filter.project ? (
            <Chip
              text={`Project: ${projectName ?? filter.project}`}
              onRemove={() => go({ ...filter, project: undefined })}
            />
          ) : null}
          {filter.owner ? (
            <Chip text={`Waits for: ${filter.owner}`} onRemove={() => go({ ...filter, owner: undefined })} />
          ) : null}
          {filter.kind ? (
            <Chip
              text={`Kind: ${kindWord(filter.kind, words)}`}
              onRemove={() => go({ ...filter, kind: undefined })}
            />
          ) : null}
        </div>
      ) : null}
    </div>
  );
}

function SearchBox({ initial, onSearch }: { initial: string; onSearch: (q: string) => void }) {
  const [typed, setTyped] = useState(initial);
  const box = useRef<HTMLInputElement>(null);
  const search = useRef(onSearch);
  search.current = onSearch;
  const sent = useRef(initial);
  useEffect(() => {
    // The address changed by Back or a link, not by typing here.
    if (initial !== sent.current) setTyped(initial);
    sent.current = initial;
  }, [initial]);
  useEffect(() => {
    if (typed === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = typed;
      search.current(typed);
    }, TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => {
    if (window.location.hash === '#search') box.current?.focus();
  }, []);
  return (
    <TextInput
      id="search"
      ref={box}
      type="search"
      size="xs"
      className="search"
      aria-label="Search documents"
      placeholder="Number, vendor, project, ERP id"
      maxLength={200}
      value={typed}
      rightSection={typed === '' ? <kbd className="keys-hint">/</kbd> : null}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}

function Chip({ text, onRemove }: { text: string; onRemove: () => void }) {
  return (
    <span className="chip">
      <bdi>{text}</bdi>
      <button
        type="button"
        className="plain-button"
        aria-label={`Remove the filter ${text}`}
        onClick={onRemove}
      >
        ×
      </button>
    </span>
  );
}

function stateText(states: string): string {
  const known: Record<string, { word: string }> = stateWords;
  return states
    .split(',')
    .map((state) => known[state]?.word ?? state)
    .join(', ');
}

function dropEmpty(search: DocumentsSearch): DocumentsSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => Boolean(value)));
}
