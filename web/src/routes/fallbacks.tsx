import { Link } from '@tanstack/react-router';
import { Bones } from '../ui/bones.tsx';
import { Failure } from '../ui/failure.tsx';
import { Page } from '../ui/page.tsx';

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <Page title="No such page">
      <p>
        Nothing stands at this address. <Link to="/">Go to the overview</Link>.
      </p>
    </Page>
  );
}

/** A page that broke while drawing: reloading is safe, because the page only shows. */
export function PageFailure({ error }: { error: unknown }) {
  return (
    <Page title="This page could not be shown">
      <Failure failure={error} retry={() => window.location.reload()} />
    </Page>
  );
}

export function PagePending() {
  return (
    <main className="page">
      <Bones rows={8} label="Loading the page" />
    </main>
  );
}
