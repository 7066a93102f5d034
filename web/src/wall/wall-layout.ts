export interface WallLayout {
  readonly columns: number;
  readonly rows: number;
  /** Of a card, in CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** Between cards. */
export const wallGap = 12;
/** Height by width. */
const shape = 0.56;
/** Six cards side by side can be read across a room; on a phone two, in the hand. */
const widthShareMin = 1 / 7;
const widthMin = 150;
const widthMax = 720;

/** The largest cards of which all fit; where even the smallest do not, those, and as many as fit. */
export function wallLayout(place: {
  readonly width: number;
  readonly height: number;
  readonly count: number;
}): WallLayout {
  const smallest = Math.max(widthMin, place.width * widthShareMin);
  const columnsMax = Math.max(1, Math.floor((place.width + wallGap) / (smallest + wallGap)));
  for (let columns = 1; columns < columnsMax; columns += 1) {
    const layout = layoutOf(columns, place);
    const fits = layout.columns * layout.rows >= place.count;
    if (fits && (columns >= place.count || layout.width < widthMax)) return layout;
  }
  return layoutOf(columnsMax, place);
}

function layoutOf(columns: number, { width, height }: { readonly width: number; readonly height: number }): WallLayout {
  const cardWidth = Math.max(0, (width - (columns - 1) * wallGap) / columns);
  const least = cardWidth * shape;
  const rows = Math.max(1, Math.floor((height + wallGap) / (least + wallGap)));
  // What is left over below is shared out.
  const cardHeight = Math.min(least * 1.25, (height - (rows - 1) * wallGap) / rows);
  return { columns, rows, width: Math.min(cardWidth, widthMax), height: Math.max(0, cardHeight) };
}
