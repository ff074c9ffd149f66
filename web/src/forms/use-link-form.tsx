import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { ApiFailure } from '../api/client.ts';
import type { Me } from '../api/types.ts';
import { useAct } from '../api/use-act.ts';
import { Failure } from '../ui/failure.tsx';
import { UsedLink } from './used-link.tsx';
import './form.css';

const SHORTEST_PASSWORD = 15;

/** A one-time link lets one in; a password can be set now, or never. */
export function UseLinkForm({ token, onEntered }: { token: string; onEntered: (me: Me) => void }) {
  const [password, setPassword] = useState('');
  const enter = useAct<Me>(onEntered);
  const tooShort = password !== '' && password.length < SHORTEST_PASSWORD;
  const use = (body: { token: string; password?: string }) => enter.mutate({ path: '/sign-in/link', body });
  if (enter.error instanceof ApiFailure && enter.error.status === 401) {
    return <UsedLink title={enter.error.message} onEntered={onEntered} />;
  }
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (password.length >= SHORTEST_PASSWORD) use({ token, password });
      }}
    >
      <p>This link signs you in once. Set a password to come back without a link.</p>
      <PasswordInput
        label="New password"
        description={`At least ${SHORTEST_PASSWORD} characters; a sentence is easiest.`}
        autoComplete="new-password"
        maxLength={128}
        value={password}
        error={tooShort ? `${SHORTEST_PASSWORD - password.length} more characters needed` : undefined}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Failure failure={enter.error} />
      <div className="actions">
        <Button type="submit" disabled={password.length < SHORTEST_PASSWORD} loading={enter.isPending}>
          Set password and continue
        </Button>
        <Button variant="default" disabled={enter.isPending} onClick={() => use({ token })}>
          Continue without
        </Button>
      </div>
    </form>
  );
}
