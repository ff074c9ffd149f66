import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { ApiFailure } from '../api/client.ts';
import { meQuery } from '../api/queries.ts';
import { Bones } from './bones.tsx';
import { dictionaries } from './dictionaries.ts';
import { Failure } from './failure.tsx';
import { HelpSheet } from './help-sheet.tsx';
import { Side } from './side.tsx';
import { useKeys } from './use-keys.ts';
import { WordsContext } from './use-words.ts';

/** The frame around every page: navigation, what is simulated, what is wrong with the set-up. */
export function Shell() {
  const me = useQuery(meQuery);
  const { href } = useLocation();
  const [helpOpen, setHelpOpen] = useState(false);
  useGlobalKeys(() => setHelpOpen(true));

  if (me.error instanceof ApiFailure && me.error.status === 401) {
    return <GoToSignIn next={href} />;
  }
  if (!me.data) {
    return (
      <main className="page">
        {me.error ? (
          <Failure failure={me.error} retry={() => void me.refetch()} />
        ) : (
          <Bones rows={6} label="Loading" />
        )}
      </main>
    );
  }
  return (
    <WordsContext value={dictionaries[me.data.tenant.pointOfView]}>
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <div className="shell">
        <Side me={me.data} onHelp={() => setHelpOpen(true)} />
        <div style={{ minWidth: 0 }}>
          <Banners simulated={me.data.simulated} warnings={me.data.warnings} />
          <Outlet />
        </div>
      </div>
      <HelpSheet open={helpOpen} onClose={() => setHelpOpen(false)} />
    </WordsContext>
  );
}

/**
 * Goes to the sign-in once. The router's own Navigate navigates again whenever it is drawn anew, which the
 * change of address itself causes.
 */
function GoToSignIn({ next }: { next: string }) {
  const navigate = useNavigate();
  const wanted = useRef(next);
  useEffect(() => {
    void navigate({ to: '/sign-in', search: { next: wanted.current }, replace: true });
  }, [navigate]);
  return null;
}

function Banners({ simulated, warnings }: { simulated: string[]; warnings: string[] }) {
  return (
    <>
      {simulated.length > 0 ? (
        <div className="simulated" role="note">
          <b>Simulated:</b> {simulated.join(', ')}. No real company, no real money.
        </div>
      ) : null}
      {warnings.map((warning) => (
        <div className="warning" role="note" key={warning}>
          <b>Set-up:</b> <bdi>{warning}</bdi>
        </div>
      ))}
    </>
  );
}

function useGlobalKeys(openHelp: () => void): void {
  const navigate = useNavigate();
  useKeys({
    '?': openHelp,
    '/': () => {
      const box = document.getElementById('search');
      if (box) box.focus();
      else void navigate({ to: '/documents', search: {}, hash: 'search' });
    },
    'g o': () => void navigate({ to: '/' }),
    'g d': () => void navigate({ to: '/documents', search: {} }),
    'g r': () => void navigate({ to: '/review', search: {} }),
    'g t': () => void navigate({ to: '/tie-out', search: {} }),
    'g c': () => void navigate({ to: '/connections', search: {} }),
    'g p': () => void navigate({ to: '/policy', search: {} }),
    'g a': () => void navigate({ to: '/audit', search: {} }),
    'g m': () => void navigate({ to: '/mail' }),
  });
}
