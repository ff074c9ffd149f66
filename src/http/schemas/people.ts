import { z } from 'zod';
import { pointsOfView } from '../../domain/point-of-view.ts';

export const roles = ['accountant', 'controller', 'project-manager', 'engineer', 'admin'] as const;

export const User = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  roles: z.array(z.enum(roles)),
});

export const Me = z.object({
  user: User,
  tenant: z.object({
    id: z.string(),
    name: z.string(),
    /** Whose words the web app speaks; codes and messages of the API stay as they are. */
    pointOfView: z.enum(pointsOfView),
  }),
  /** Simulated systems are named in a banner, so that nobody takes demo money for real. */
  simulated: z.array(z.string()),
  /** Set when nothing above the threshold can post, e.g. because there is only one user. */
  warnings: z.array(z.string()),
});

export const SignIn = z.object({ email: z.string().max(200), password: z.string().max(128) }).strict();

export const UseLink = z
  .object({ token: z.string().max(200), password: z.string().min(15).max(128).optional() })
  .strict();

export const SetPointOfView = z.object({ pointOfView: z.enum(pointsOfView) }).strict();
