/**
 * Seeds that broke something once, with what was wrong. Each is played again by the tests. A seed is drawn anew when
 * the swarm of faults changes, so what was wrong is held by a test of its own in the product as well.
 */
export const regressions: readonly { readonly seed: number; readonly was: string }[] = [
  {
    seed: 88,
    was: 'After a backup was put back, an order that it had forgotten was planned anew and sent without a look.',
  },
  {
    seed: 15180,
    was: 'An order that was answered with an id was sent again because a blind look did not show it.',
  },
  {
    seed: 1780,
    was: 'A newer export closed an older one as failed while the success of its order was on its way.',
  },
  {
    seed: 3001,
    was: 'An older export that was seen only while its order was sent was never answered.',
  },
  {
    seed: 9753,
    was: 'An order went by itself under a policy that no longer let it.',
  },
  {
    seed: 1053528,
    was: "An order that waited for a person because of the vendor's day went by itself when it was announced again.",
  },
  {
    seed: 2098738,
    was: 'A member of a group was sent past an older write of its root, whose question then held its outcome back.',
  },
  {
    seed: 2011671,
    was: 'The checker missed that a restored backup had reached the same version under another reference before.',
  },
  {
    seed: 20815301,
    was: 'A change that ended with a person after it was sent left the room of the day to others.',
  },
  {
    seed: 1821657,
    was: 'A draft was approved between two looks: before the first it was not shown yet, after it the document that it became.',
  },
  {
    seed: 1805258,
    was: 'The same, and the draft of the second request became a document as well.',
  },
  {
    seed: 3923675,
    was: 'A restored backup had forgotten what went that day without a person, and more than the threshold went in all.',
  },
  {
    seed: 4085338,
    was: 'A change that was sent without a person and planned over by one no longer counted on its day.',
  },
  {
    seed: 4331568,
    was: 'A mapping that was set while its order was sent was seen only when an event came again after the refusal.',
  },
  {
    seed: 4320944,
    was: 'The simulation sent a member of a group past an older write of its root, beside one that waits for a person.',
  },
  {
    seed: 48960,
    was: 'The simulation let members of a group pass one that waits for a person, in an order that a new plan changed.',
  },
];
