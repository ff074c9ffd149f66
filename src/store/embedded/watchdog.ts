import { spawn } from 'node:child_process';
import type { Account } from './account.ts';
import { childEnvironment } from './child-environment.ts';

/**
 * Stops the server soon after the service died without a word (kill -9). A shell of 1 MB waits on a
 * pipe whose other end only we hold: a line means "all is well, go home", the end of the stream
 * means that we are gone. It is a courtesy; the next start also finds and stops a left server.
 */
export function watchOver(postmasterPid: number, account: Account | undefined): { dismiss(): void } {
  const shell = spawn('/bin/sh', ['-c', `read -r _ || kill -INT ${postmasterPid}`], {
    ...account,
    cwd: '/',
    env: childEnvironment(),
    // Its own session, or Ctrl-C in the terminal would reach it before the service has drained.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  return { dismiss: () => shell.stdin.end('\n') };
}
