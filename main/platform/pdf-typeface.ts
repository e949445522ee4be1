import type PDFDocument from 'pdfkit';
import { resourcePath } from './resources.ts';

/**
 * Text of any Taiwanese name in a PDF: Noto Sans TC, for characters it lacks Chocolate Classical Sans, and for those
 * that lacks the mark 〓, reported to the caller. pdfkit itself prints a missing character as nothing and says nothing.
 */
const fonts = {
  regular: '@expo-google-fonts/noto-sans-tc/400Regular/NotoSansTC_400Regular.ttf',
  bold: '@expo-google-fonts/noto-sans-tc/700Bold/NotoSansTC_700Bold.ttf',
  rare: '@expo-google-fonts/chocolate-classical-sans/400Regular/ChocolateClassicalSans_400Regular.ttf',
} as const;
type FontName = keyof typeof fonts;
const fontPath = (name: FontName) => resourcePath(`node_modules/${fonts[name]}`);

/** The font to construct a document with: pdfkit reads Helvetica where it is given none. */
export const documentFont = fontPath('regular');

/** 下駄: the sign Chinese typesetting puts where a character cannot be had. */
export const missingMark = '〓';

/** What is used of pdfkit's embedded font; its typings do not tell of it. */
export interface PdfFont {
  /** Its name among a page's resources, `F1`. */
  id: string;
  /** The font's object; asking for it is what has the font embedded. */
  ref: () => object;
  /** Glyphs as hexadecimal ids of the embedded subset, and their advance in 1/1000 em. */
  encode: (text: string) => [string[], { advanceWidth: number }[]];
  font: { hasGlyphForCodePoint: (codePoint: number) => boolean };
}

/** A stretch of text in one font. */
interface Run {
  font: PdfFont;
  hex: string;
}

export interface EncodedText {
  runs: Run[];
  /** Width at a size of 1 pt. */
  width: number;
  /** Characters of it that no font has, each once. */
  missing: string;
}

interface EncodedCharacter extends Run {
  width: number;
  missing: boolean;
}

export interface PdfTypeface {
  encode: (text: string) => EncodedText;
}

/** A character with its combining marks. */
const characterPattern = /\P{M}\p{M}*|\p{M}+/gu;
/** Variation selectors choose between forms of a character; without the form the character itself is shown. */
const variationSelector = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;

/** The fonts of one document: each is read when it is first needed, and shared by every typeface of the document. */
export function openTypefaces(document: InstanceType<typeof PDFDocument>): Record<'regular' | 'bold', PdfTypeface> {
  const open = new Map<FontName, PdfFont>();
  const fontOf = (name: FontName): PdfFont => {
    const known = open.get(name);
    if (known) return known;
    document.font(fontPath(name));
    const font = (document as unknown as { _font: PdfFont })._font;
    open.set(name, font);
    return font;
  };
  return { regular: typeface(fontOf, 'regular'), bold: typeface(fontOf, 'bold') };
}

/**
 * Encodes character by character and remembers each: no shaping is lost (Chinese has none), and a document of 4,000
 * pages lays out some hundreds of characters instead of 160,000 strings.
 */
function typeface(fontOf: (name: FontName) => PdfFont, name: 'regular' | 'bold'): PdfTypeface {
  const known = new Map<string, EncodedCharacter>();

  const encodeIn = (font: PdfFont, text: string, missing: boolean): EncodedCharacter => {
    const [glyphs, positions] = font.encode(text);
    const width = positions.reduce((sum, position) => sum + position.advanceWidth, 0) / 1000;
    return { font, hex: glyphs.join(''), width, missing };
  };

  const encodeCharacter = (character: string): EncodedCharacter => {
    const plain = character.replace(variationSelector, '');
    const shown = /\p{M}/u.test(plain) ? plain.normalize('NFC') : plain.replace(/\p{Cc}/gu, ' ');
    const codePoints = [...shown].map((part) => part.codePointAt(0)!);
    for (const candidate of [name, 'rare'] as const) {
      const font = fontOf(candidate);
      if (codePoints.every((codePoint) => font.font.hasGlyphForCodePoint(codePoint))) return encodeIn(font, shown, false);
    }
    return encodeIn(fontOf(name), missingMark, true);
  };

  return {
    encode: (text) => {
      const runs: Run[] = [];
      const missing = new Set<string>();
      let width = 0;
      for (const [character] of text.matchAll(characterPattern)) {
        let encoded = known.get(character);
        if (!encoded) {
          encoded = encodeCharacter(character);
          known.set(character, encoded);
        }
        const last = runs.at(-1);
        if (last?.font === encoded.font) last.hex += encoded.hex;
        else runs.push({ font: encoded.font, hex: encoded.hex });
        width += encoded.width;
        if (encoded.missing) missing.add(character);
      }
      return { runs, width, missing: [...missing].join('') };
    },
  };
}
