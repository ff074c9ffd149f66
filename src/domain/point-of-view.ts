/** From which side of a contract a company looks: Procore has a dictionary for each, and a tenant chooses one. */
export const pointsOfView = ['general-contractor', 'owner', 'specialty-contractor'] as const;

export type PointOfView = (typeof pointsOfView)[number];
