/** Colours of a picture. */

/** How a series is filled: Okabe and Ito's colours, which stay apart for colour-blind readers. */
export const SERIES_COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#f0e442', '#7f7f7f'];

/** Hatches that tell a second and a third round of the colours from the first, by a line of so many degrees. */
const HATCHES = [45, -45];

/** How a series is filled: its colour, and from the ninth on hatched, so that no two of 24 look alike. */
export function fillOf(series: number): string {
  const round = Math.floor(series / SERIES_COLOURS.length) % (HATCHES.length + 1);
  const colour = series % SERIES_COLOURS.length;
  return round === 0 ? (SERIES_COLOURS[colour] ?? '') : `url(#hatch-${round}-${colour})`;
}

/** The hatches that so many series are filled with. */
export function hatchesFor(seriesCount: number): string {
  const hatched = Array.from({ length: seriesCount }, (_, series) => series).filter((series) =>
    fillOf(series).startsWith('url('),
  );
  if (hatched.length === 0) return '';
  const patterns = hatched.map((series) => {
    const round = Math.floor(series / SERIES_COLOURS.length) % (HATCHES.length + 1);
    const colour = SERIES_COLOURS[series % SERIES_COLOURS.length] ?? '';
    return (
      `<pattern id="hatch-${round}-${series % SERIES_COLOURS.length}" width="5" height="5" patternUnits="userSpaceOnUse"` +
      ` patternTransform="rotate(${HATCHES[round - 1] ?? 0})"><rect width="5" height="5" fill="${colour}"/>` +
      `<rect width="2" height="5" fill="#ffffff"/></pattern>`
    );
  });
  return `<defs>${patterns.join('')}</defs>`;
}

/** The card that the picture stands on, so that it reads the same on a light and on a dark page. */
export const STYLE = [
  'text{font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;font-size:12px;fill:#24292f}',
  '.card{fill:#ffffff;stroke:#8c959f}',
  '.heading{font-size:14px;font-weight:600}',
  '.value{font-size:11px;text-anchor:middle}',
  '.unsafe{font-weight:700;fill:#b3261e}',
  '.tick{font-size:11px;text-anchor:end;fill:#57606a}',
  '.grid{stroke:#d8dee4;stroke-width:1}',
  '.axis{stroke:#57606a;stroke-width:1}',
  '.bar{stroke:#24292f;stroke-opacity:.45;stroke-width:1}',
  '.published{fill:#24292f;stroke:#ffffff;stroke-width:1.5}',
  '@media (prefers-color-scheme:dark){text{fill:#e6edf3}.card{fill:#161b22;stroke:#57606a}.tick{fill:#9da7b3}' +
    '.grid{stroke:#30363d}.axis{stroke:#9da7b3}.bar{stroke:#e6edf3}.published{fill:#e6edf3;stroke:#161b22}' +
    '.unsafe{fill:#ff8a80}}',
].join('\n');
