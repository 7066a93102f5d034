/** The canvases of the charts that are on the page, by the charts' keys: what becomes a picture. */
export const chartCanvases = new Map<string, HTMLCanvasElement>();
