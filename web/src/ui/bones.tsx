import type { CSSProperties } from 'react';

/** The shape of rows that are still on their way. */
export function Bones({ rows, label }: { rows: number; label: string }) {
  return (
    <div className="bones" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bones are all alike and never move.
        <Bone key={row} width={`${95 - ((row * 17) % 40)}%`} />
      ))}
    </div>
  );
}

/** One grey bar with the size of what will stand there. */
export function Bone({ width = '100%', height = 20 }: { width?: CSSProperties['width']; height?: number }) {
  return <span className="bone" style={{ width, height }} />;
}
