import type { Random } from '../random.ts';

/** Surnames of Taiwan, about as frequent as they are. */
const surnames: readonly (readonly [string, number])[] = [
  ['陳', 111],
  ['林', 83],
  ['黃', 60],
  ['張', 53],
  ['李', 51],
  ['王', 41],
  ['吳', 40],
  ['劉', 32],
  ['蔡', 29],
  ['楊', 27],
  ['許', 23],
  ['鄭', 19],
  ['謝', 18],
  ['郭', 15],
  ['洪', 15],
  ['邱', 15],
  ['曾', 14],
  ['廖', 13],
  ['賴', 13],
  ['徐', 13],
  ['周', 12],
  ['葉', 12],
  ['蘇', 11],
  ['莊', 9],
  ['呂', 9],
  ['江', 9],
  ['何', 8],
  ['蕭', 8],
  ['羅', 8],
  ['高', 8],
  ['潘', 7],
  ['簡', 7],
  ['朱', 7],
  ['鍾', 7],
  ['游', 6],
  ['彭', 6],
  ['詹', 6],
  ['胡', 6],
  ['施', 6],
  ['沈', 5],
  ['余', 5],
  ['盧', 5],
  ['趙', 4],
  ['梁', 4],
  ['顏', 4],
  ['柯', 4],
  ['翁', 4],
  ['魏', 3],
  ['孫', 3],
  ['戴', 3],
  ['范', 3],
  ['宋', 3],
  ['方', 3],
  ['鄧', 2],
  ['杜', 2],
  ['傅', 2],
  ['侯', 2],
  ['曹', 2],
  ['薛', 2],
  ['阮', 2],
  ['卓', 1],
  ['馬', 1],
  ['連', 1],
  ['溫', 1],
  ['歐陽', 1],
  ['張簡', 1],
  ['范姜', 1],
];

const boys = '承宇柏廷冠宥睿翔哲瑋彥佑品家俊傑志豪建宏子軒育誠信安凱文政霖浩恩書維明德昱辰禹光奕均昌凡一樂齊嘉偉';
const girls = '怡君雅婷詩涵宜庭佳穎欣妤思語心瑜芷若筱晴郁珊品妍子瑄沛羽婕柔安又甄采潔惠如靖雯映彤楚萱雨潼以芯詠晨千慧';

/** Characters beyond Big5 or beyond the basic plane, which a printed slip must show all the same. */
const rareGivenNames = ['𡘙安', '𠮷祥', '喆宇', '堃廷', '㛢涵', '䕒寧', '峯瑋', '昀烺', '翊綉', '煊𤧛', '霙恩', '赟'];
/** Names of indigenous peoples and of new residents' families. */
const longNames = ['巴奈．古木', '瓦旦．尤幹', '伊婉．都幸', '阮氏明芳', '撒古流．法利', '林安娜瑪麗亞'];

export interface SampleName {
  text: string;
  sex: 'male' | 'female';
}

/** An invented name. One in about two hundred is long. */
export function inventName(random: Random): SampleName {
  const sex = random.chance(0.51) ? 'male' : 'female';
  if (random.chance(0.005)) return { text: random.pick(longNames), sex };
  const characters = sex === 'male' ? boys : girls;
  const first = characters.charAt(random.between(0, characters.length - 1));
  const second = characters.charAt(random.between(0, characters.length - 1));
  const surname = random.weighted(surnames);
  // One in twenty-five has a single given name.
  return { text: random.chance(0.04) || first === second ? surname + first : surname + first + second, sex };
}

/** The nth invented name with rare characters. */
export function inventRareName(random: Random, index: number): SampleName {
  return { text: random.weighted(surnames) + rareGivenNames[index % rareGivenNames.length]!, sex: random.chance(0.5) ? 'male' : 'female' };
}

export const rareNameCount = rareGivenNames.length;
