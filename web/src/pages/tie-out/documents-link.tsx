import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Measure } from './measures.ts';

interface DocumentsLinkProps {
  project: string;
  opens: Measure['opens'];
  state?: string;
  children: ReactNode;
}

/** A sum that opens the documents of ours behind it, where there are any. */
export function DocumentsLink({ project, opens, state, children }: DocumentsLinkProps) {
  if (opens === null) return children;
  return (
    <Link to="/documents" search={{ project, state, kind: opens.kind }}>
      {children}
    </Link>
  );
}
