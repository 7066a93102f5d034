import type { ChartTheme } from './chart-theme.ts';
import type { LineLook } from './palette.ts';

export interface PictureChart {
  readonly title: string;
  readonly canvas: HTMLCanvasElement;
  readonly entries: readonly { readonly label: string; readonly look: LineLook }[];
}

export interface Picture {
  readonly title: string;
  readonly subtitle: string;
  readonly charts: readonly PictureChart[];
  readonly theme: ChartTheme;
}

const marginPx = 16;
const headPx = 56;
const titlePx = 24;
const legendPx = 20;
const swatchPx = 18;

/** All charts below each other as one PNG, on the ground of the theme, as sharp as they are on the screen. Rejects where the browser has no room for it. */
export function pictureOf({ title, subtitle, charts, theme }: Picture): Promise<Blob> {
  const scale = devicePixelRatio;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (context === null) return Promise.reject(new Error('this browser gave no canvas.'));
  const width = Math.max(...charts.map((chart) => chart.canvas.width / scale)) + 2 * marginPx;
  context.font = theme.font;
  const rows = charts.map((chart) => legendRows(context, chart, width - 2 * marginPx));
  const height = charts.reduce(
    (sum, chart, index) =>
      sum + titlePx + chart.canvas.height / scale + (rows[index]?.length ?? 0) * legendPx + marginPx,
    headPx,
  );
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  context.scale(scale, scale);
  context.fillStyle = theme.ground;
  context.fillRect(0, 0, width, height);
  context.textBaseline = 'middle';
  write(context, { text: title, x: marginPx, y: 20, font: theme.font.replace('12px', '600 18px'), colour: theme.text });
  write(context, { text: subtitle, x: marginPx, y: 42, font: theme.font, colour: theme.quiet });
  let top = headPx;
  for (const [index, chart] of charts.entries()) {
    const font = theme.font.replace('12px', '600 14px');
    write(context, { text: chart.title, x: marginPx, y: top + titlePx / 2, font, colour: theme.text });
    top += titlePx;
    context.drawImage(chart.canvas, marginPx, top, chart.canvas.width / scale, chart.canvas.height / scale);
    top += chart.canvas.height / scale;
    for (const row of rows[index] ?? []) {
      for (const { label, look, x } of row) {
        stroke(context, look, marginPx + x, top + legendPx / 2);
        write(context, {
          text: label,
          x: marginPx + x + swatchPx + 6,
          y: top + legendPx / 2,
          font: theme.font,
          colour: theme.text,
        });
      }
      top += legendPx;
    }
    top += marginPx;
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('this browser has no room for it; choose fewer charts.'));
      else resolve(blob);
    }, 'image/png');
  });
}

type Placed = PictureChart['entries'][number] & { readonly x: number };

function legendRows(context: CanvasRenderingContext2D, { entries }: PictureChart, width: number): readonly Placed[][] {
  const rows: Placed[][] = [];
  let x = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const wide = swatchPx + 6 + context.measureText(entry.label).width + 16;
    if (x + wide > width) {
      rows.push([]);
      x = 0;
    }
    rows.at(-1)?.push({ ...entry, x });
    x += wide;
  }
  return rows;
}

interface Writing {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly font: string;
  readonly colour: string;
}

function write(context: CanvasRenderingContext2D, { text, x, y, font, colour }: Writing): void {
  context.font = font;
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

function stroke(context: CanvasRenderingContext2D, { colour, dash }: LineLook, x: number, y: number): void {
  context.strokeStyle = colour;
  context.lineWidth = 3;
  context.setLineDash([...dash]);
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + swatchPx, y);
  context.stroke();
}
