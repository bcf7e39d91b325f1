import type { ReactElement } from "react";

interface TileProps {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
}

/** One figure with its name, and what is to be said of it. */
export function Tile({ name, value, note }: TileProps): ReactElement {
  return (
    <div className="panel tile">
      <span className="faint">{name}</span>
      <strong>{value}</strong>
      {note !== undefined && <span className="faint">{note}</span>}
    </div>
  );
}
