/*
 * Scripts that everyday writing uses (UAX #31 table 5, "Recommended Scripts"). A label in any other script is
 * refused: such scripts serve look-alikes (Cherokee "ᏢᎪᎩ") far more often than a firm's name.
 */
const SCRIPTS = [
  'Latin Arabic Armenian Bengali Bopomofo Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Han',
  'Hangul Hebrew Hiragana Kannada Katakana Khmer Lao Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai',
  'Tibetan',
]
  .join(' ')
  .split(' ');

/** Combinations that UTS #39 §5.2 ("Highly Restrictive") counts as one writing system. */
const COMBINATIONS = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
];

const patterns = [...SCRIPTS.map((script) => [script]), ...COMBINATIONS].map(
  (scripts) =>
    new RegExp(`^[${['Common', 'Inherited', ...scripts].map((name) => `\\p{scx=${name}}`).join('')}]*$`, 'u'),
);

/**
 * True when one writing system covers the whole label (in Unicode form), digits and hyphen belonging to all.
 * Script extensions are used, so that a mark several scripts share counts for each of them (UAX #24 §2.8).
 */
export function isSingleScript(label: string): boolean {
  return patterns.some((pattern) => pattern.test(label));
}
