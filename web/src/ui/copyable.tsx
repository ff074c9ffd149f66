import { useState } from 'react';

/** An id that a click copies. The whole id is its name, also when the screen shows less of it. */
export function Copyable({ text, shown = text, what }: { text: string; shown?: string; what: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <button type="button" className="copy" title={text} onClick={() => void copy().catch(() => undefined)}>
      <span className="hidden-word">Copy {what} </span>
      <bdi className="mono">{shown}</bdi>
      <svg viewBox="0 0 12 12" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.2">
        {copied ? <path d="m2 6.5 3 3 5-7" /> : <path d="M4.5 1.5h6v7h-6zM8 8.5v2H1.5v-7h3" />}
      </svg>
      <span role="status" className="hidden-word">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  );
}

/** A link into Procore or the ERP. */
export function DeepLink({ href, children }: { href: string | null; children: string }) {
  if (href === null || !/^https?:\/\//.test(href)) return null;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {children}
      <span aria-hidden="true"> ↗</span>
      <span className="hidden-word"> (opens in a new tab)</span>
    </a>
  );
}
