/** SVG elements as text. */
import { printableLine } from '../printable.ts';

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

/** Letters of a text in a picture; its description in words is a long one. */
const MAX_CHARS = 100_000;

/** Text as it may stand in an element or an attribute. XML forbids most controls even as references. */
export function escapeXml(value: string): string {
  return printableLine(value, MAX_CHARS)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}

/** Two decimals are finer than a pixel; more would differ in nothing but bytes. */
function coordinate(value: number): string {
  return String(Math.round(value * 100) / 100);
}
