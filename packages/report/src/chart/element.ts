/** SVG elements as text. */

type Attributes = Readonly<Record<string, string | number>>;

/** An element with attributes and content that is SVG already. */
export function element(name: string, attributes: Attributes, ...content: readonly string[]): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeXml(typeof value === 'number' ? coordinate(value) : value)}"`)
    .join('');
  return content.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${content.join('')}</${name}>`;
}

/** A text at a place. */
export function text(x: number, y: number, className: string, value: string): string {
  return element('text', { x, y, class: className }, escapeXml(value));
}

/** Text as it may stand in an element or an attribute. */
export function escapeXml(value: string): string {
  return value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** Two decimals are finer than a pixel; more would differ in nothing but bytes. */
function coordinate(value: number): string {
  return String(Math.round(value * 100) / 100);
}
