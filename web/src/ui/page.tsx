import { type ReactNode, useEffect } from 'react';

interface PageProps {
  title: string;
  /** What stands at the right of the title. */
  aside?: ReactNode;
  /** A title with more in it than words, for the screen. */
  heading?: ReactNode;
  children: ReactNode;
}

/** One page: its title in the tab and at the top, then its parts. */
export function Page({ title, aside, heading, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Tiebeam`;
  }, [title]);
  return (
    <main className="page" id="page" tabIndex={-1}>
      <div className="page-head">
        <h1>{heading ?? title}</h1>
        {aside ? <div className="small quiet">{aside}</div> : null}
      </div>
      {children}
    </main>
  );
}
