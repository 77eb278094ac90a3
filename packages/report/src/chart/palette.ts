/** Colours of a picture. */

/** How a series is filled: Okabe and Ito's colours, which stay apart for colour-blind readers. */
export const SERIES_COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#f0e442', '#7f7f7f'];

/** The card that the picture stands on, so that it reads the same on a light and on a dark page. */
export const STYLE = [
  'text{font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;font-size:12px;fill:#24292f}',
  '.card{fill:#ffffff;stroke:#8c959f}',
  '.heading{font-size:14px;font-weight:600}',
  '.value{font-size:11px;text-anchor:middle}',
  '.unsafe{font-weight:700;fill:#b3261e}',
  '.tick{font-size:11px;text-anchor:end;fill:#57606a}',
  '.group{text-anchor:middle}',
  '.grid{stroke:#d8dee4;stroke-width:1}',
  '.axis{stroke:#57606a;stroke-width:1}',
  '.bar{stroke:#24292f;stroke-opacity:.45;stroke-width:1}',
  '.published{fill:#24292f;stroke:#ffffff;stroke-width:1.5}',
  '@media (prefers-color-scheme:dark){text{fill:#e6edf3}.card{fill:#161b22;stroke:#57606a}.tick{fill:#9da7b3}' +
    '.grid{stroke:#30363d}.axis{stroke:#9da7b3}.bar{stroke:#e6edf3}.published{fill:#e6edf3;stroke:#161b22}' +
    '.unsafe{fill:#ff8a80}}',
].join('\n');
