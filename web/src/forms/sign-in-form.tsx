import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Me } from '../api/types.ts';
import { useAct } from '../api/use-act.ts';
import { Failure } from '../ui/failure.tsx';
import './form.css';

/** E-mail and password. */
export function SignInForm({ onEntered }: { onEntered: (me: Me) => void }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useAct<Me>(onEntered);
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate({ path: '/sign-in', body: { email, password } });
      }}
    >
      <TextInput
        label="E-mail"
        type="email"
        autoComplete="username"
        required
        withAsterisk={false}
        maxLength={200}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        maxLength={128}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Failure failure={signIn.error} />
      <Button type="submit" loading={signIn.isPending}>
        Sign in
      </Button>
    </form>
  );
}
