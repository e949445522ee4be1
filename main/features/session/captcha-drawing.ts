/**
 * Draws a 驗證碼 as an SVG of strokes: no text element and no font, so that the letters are to be seen and not to be
 * copied, and nothing is fetched from outside.
 */

type Point = readonly [x: number, y: number];
type Stroke = readonly Point[];

/** Letters as strokes on a grid 10 wide and 14 high. I, O, Q, S, Z, G and B are left out: they look like others or like digits. */
const strokes: Readonly<Record<string, readonly Stroke[]>> = {
  A: [
    [
      [0, 14],
      [5, 0],
      [10, 14],
    ],
    [
      [2, 9],
      [8, 9],
    ],
  ],
  C: [
    [
      [9, 2],
      [7, 0],
      [3, 0],
      [0, 4],
      [0, 10],
      [3, 14],
      [7, 14],
      [9, 12],
    ],
  ],
  E: [
    [
      [9, 0],
      [1, 0],
      [1, 14],
      [9, 14],
    ],
    [
      [1, 7],
      [7, 7],
    ],
  ],
  F: [
    [
      [9, 0],
      [1, 0],
      [1, 14],
    ],
    [
      [1, 7],
      [7, 7],
    ],
  ],
  H: [
    [
      [1, 0],
      [1, 14],
    ],
    [
      [9, 0],
      [9, 14],
    ],
    [
      [1, 7],
      [9, 7],
    ],
  ],
  J: [
    [
      [4, 0],
      [9, 0],
    ],
    [
      [7, 0],
      [7, 11],
      [5, 14],
      [2, 14],
      [0, 11],
    ],
  ],
  K: [
    [
      [1, 0],
      [1, 14],
    ],
    [
      [9, 0],
      [1, 8],
    ],
    [
      [4, 6],
      [9, 14],
    ],
  ],
  L: [
    [
      [1, 0],
      [1, 14],
      [9, 14],
    ],
  ],
  M: [
    [
      [0, 14],
      [0, 0],
      [5, 8],
      [10, 0],
      [10, 14],
    ],
  ],
  N: [
    [
      [1, 14],
      [1, 0],
      [9, 14],
      [9, 0],
    ],
  ],
  P: [
    [
      [1, 14],
      [1, 0],
      [7, 0],
      [9, 2],
      [9, 5],
      [7, 7],
      [1, 7],
    ],
  ],
  R: [
    [
      [1, 14],
      [1, 0],
      [7, 0],
      [9, 2],
      [9, 5],
      [7, 7],
      [1, 7],
    ],
    [
      [5, 7],
      [9, 14],
    ],
  ],
  T: [
    [
      [0, 0],
      [10, 0],
    ],
    [
      [5, 0],
      [5, 14],
    ],
  ],
  U: [
    [
      [1, 0],
      [1, 10],
      [3, 14],
      [7, 14],
      [9, 10],
      [9, 0],
    ],
  ],
  W: [
    [
      [0, 0],
      [2, 14],
      [5, 6],
      [8, 14],
      [10, 0],
    ],
  ],
  X: [
    [
      [1, 0],
      [9, 14],
    ],
    [
      [9, 0],
      [1, 14],
    ],
  ],
  Y: [
    [
      [1, 0],
      [5, 7],
      [9, 0],
    ],
    [
      [5, 7],
      [5, 14],
    ],
  ],
};

/** The letters a 驗證碼 may hold. */
export const captchaLetters: readonly string[] = Object.keys(strokes);

const width = 148;
const height = 48;
const inks = ['#0F6B6B', '#24504F', '#3A5A6B'];

/** @param random a number of 0 up to 1, as `Math.random` */
export function drawCaptcha(text: string, random: () => number): string {
  const around = (spread: number) => (random() * 2 - 1) * spread;
  const path = (points: Iterable<Point>, thickness: number) => {
    const data = [...points].map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
    return `<path d="${data}" stroke="${inks[Math.floor(random() * inks.length)]}" stroke-width="${thickness.toFixed(1)}"/>`;
  };

  const drawn: string[] = [];
  for (const [position, letter] of [...text].entries()) {
    const angle = around(0.3);
    const slant = around(0.2);
    const scale = 1.9 + around(0.25);
    const centre: Point = [20 + position * 36 + around(3), height / 2 + around(4)];
    for (const stroke of strokes[letter]!) {
      const placed = stroke.map(([x, y]): Point => {
        const across = (x - 5 + (y - 7) * slant + around(0.4)) * scale;
        const down = (y - 7 + around(0.4)) * scale;
        return [
          centre[0] + across * Math.cos(angle) - down * Math.sin(angle),
          centre[1] + across * Math.sin(angle) + down * Math.cos(angle),
        ];
      });
      drawn.push(path(placed, 2.6 + around(0.3)));
    }
  }
  for (let line = 0; line < 4; line += 1) {
    const from = random() * height;
    const to = random() * height;
    const bend = around(18);
    const points = Array.from({ length: 9 }, (_, step): Point => {
      const share = step / 8;
      return [4 + share * (width - 8), from + (to - from) * share + bend * Math.sin(share * Math.PI)];
    });
    drawn.push(path(points, 1 + random() * 0.8));
  }
  for (let mark = 0; mark < 26; mark += 1) {
    const at: Point = [random() * width, random() * height];
    drawn.push(path([at, [at[0] + around(3), at[1] + around(3)]], 1.4));
  }
  // In no order that tells letters from noise.
  const shuffled = drawn.map((element) => ({ element, key: random() })).sort((a, b) => a.key - b.key);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="驗證碼">`,
    `<rect width="${width}" height="${height}" fill="#F3F7F7"/>`,
    '<g fill="none" stroke-linecap="round" stroke-linejoin="round">',
    ...shuffled.map(({ element }) => element),
    '</g></svg>',
  ].join('');
}
