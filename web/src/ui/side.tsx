import { useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { reviewQuery } from '../api/queries.ts';
import type { Me } from '../api/types.ts';
import { useAct } from '../api/use-act.ts';

/** Where one can go, how much waits there, and who one is. */
export function Side({ me, onHelp }: { me: Me; onHelp: () => void }) {
  const review = useQuery(reviewQuery);
  const open = review.data?.length ?? 0;
  return (
    <div className="side">
      <Link to="/" className="brand">
        <img src="/tiebeam.svg" alt="" width="24" height="24" />
        <span>
          <b>Tiebeam</b>
          <bdi>{me.tenant.name}</bdi>
        </span>
      </Link>
      <nav aria-label="Main">
        <ul>
          <li>
            <Link to="/" activeOptions={{ exact: true, includeSearch: false }}>
              Overview
            </Link>
          </li>
          <li>
            <Link to="/documents" search={{}} activeOptions={{ includeSearch: false }}>
              Documents
            </Link>
          </li>
          <li>
            <Link to="/review" search={{}} activeOptions={{ includeSearch: false }}>
              Review
              {open > 0 ? (
                <span className="count tone-needs">
                  {open}
                  <span className="hidden-word"> open</span>
                </span>
              ) : null}
            </Link>
          </li>
          <li>
            <Link to="/tie-out" search={{}} activeOptions={{ includeSearch: false }}>
              Tie-out
            </Link>
          </li>
          <li>
            <Link to="/connections" search={{}} activeOptions={{ includeSearch: false }}>
              Connections
            </Link>
          </li>
          <li>
            <Link to="/policy" search={{}} activeOptions={{ includeSearch: false }}>
              Policy
            </Link>
          </li>
          <li>
            <Link to="/audit" search={{}} activeOptions={{ includeSearch: false }}>
              Audit
            </Link>
          </li>
        </ul>
      </nav>
      <Who me={me} onHelp={onHelp} />
    </div>
  );
}

function Who({ me, onHelp }: { me: Me; onHelp: () => void }) {
  const { setColorScheme, colorScheme } = useMantineColorScheme();
  const signOut = useAct(() => window.location.assign('/sign-in'));
  const nextScheme = { auto: 'light', light: 'dark', dark: 'auto' } as const;
  const schemeWord = { auto: 'as system', light: 'light', dark: 'dark' } as const;
  return (
    <div className="who">
      <span className="wide-only">
        <bdi>{me.user.name}</bdi>
        <br />
        <span className="quiet">{me.user.roles.map((role) => role.replace('-', ' ')).join(', ')}</span>
      </span>
      <Link to="/mail" className="plain-button">
        Mail
      </Link>
      <button type="button" className="plain-button wide-only" onClick={onHelp}>
        Keyboard <kbd>?</kbd>
      </button>
      <button
        type="button"
        className="plain-button"
        aria-label={`Colours: ${schemeWord[colorScheme]}. Change to ${schemeWord[nextScheme[colorScheme]]}`}
        onClick={() => setColorScheme(nextScheme[colorScheme])}
      >
        Colours: {schemeWord[colorScheme]}
      </button>
      <button type="button" className="plain-button" onClick={() => signOut.mutate({ path: '/sign-out' })}>
        Sign out
      </button>
    </div>
  );
}
