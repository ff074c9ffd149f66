/** Who works with Tiebeam in the demo, by the part they play in the story. */
export const people = {
  accountant: { email: 'rosa.lind@larkspur.example', name: 'Rosa Lind', roles: ['accountant'] },
  controller: { email: 'david.okoro@larkspur.example', name: 'David Okoro', roles: ['controller'] },
  secondController: { email: 'mei.tanaka@larkspur.example', name: 'Mei Tanaka', roles: ['controller'] },
  projectManager: { email: 'tom.reyes@larkspur.example', name: 'Tom Reyes', roles: ['project-manager'] },
  engineer: { email: 'ines.falk@larkspur.example', name: 'Ines Falk', roles: ['engineer'] },
} as const satisfies Record<string, { email: string; name: string; roles: readonly string[] }>;

export type Part = keyof typeof people;

const FIRST_USER_ID = 562_949_953_400_100;

/**
 * People of the Procore directory. Rosa exports there and codes here, so she never approves what she sent; the
 * two controllers are not in Procore at all.
 */
export const procoreUsers = {
  managers: [
    { id: FIRST_USER_ID + 1, login: people.projectManager.email, name: people.projectManager.name },
    { id: FIRST_USER_ID + 2, login: 'hanna.weiss@larkspur.example', name: 'Hanna Weiss' },
    { id: FIRST_USER_ID + 3, login: 'luis.barrera@larkspur.example', name: 'Luis Barrera' },
  ],
  approver: { id: FIRST_USER_ID + 4, login: people.accountant.email, name: people.accountant.name },
} as const;

/** What the service signs in with; only the simulators ever accept it. */
export const access = {
  companyId: 562_949_953_400_000,
  clientId: 'larkspur-tiebeam',
  clientSecret: 'demo only: opens nothing but the simulator',
  companyDb: 'SBO_LARKSPUR',
  userName: 'tiebeam',
  password: 'demo only: the integration user',
  clerkName: 'clerk',
  clerkPassword: 'demo only: a person at the ERP',
} as const;
