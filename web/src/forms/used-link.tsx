import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { usedLink } from '../api/errors.ts';
import { meQuery } from '../api/queries.ts';
import type { Me } from '../api/types.ts';

/** The link opens no more: every way in that is left, the one still open first. */
export function UsedLink({ title, onEntered }: { title: string; onEntered: (me: Me) => void }) {
  // The session that the link opened may still be there, in this very browser.
  const { data: me } = useQuery(meQuery);
  return (
    <div className="form">
      <div className="notice tone-needs" role="alert">
        <strong>{title}</strong>
        <span>{usedLink.meaning}</span>
      </div>
      <ul className="remedies small">
        {usedLink.remedies.map((remedy) => (
          <li key={remedy}>{remedy}</li>
        ))}
      </ul>
      <div className="actions">
        {me ? (
          <Button onClick={() => onEntered(me)}>
            Go on as&nbsp;<bdi>{me.user.name}</bdi>
          </Button>
        ) : null}
        <Button
          variant={me ? 'default' : 'filled'}
          renderRoot={(props) => <Link to="/sign-in" search={{}} {...props} />}
        >
          Sign in with a password
        </Button>
      </div>
    </div>
  );
}
