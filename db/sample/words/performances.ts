/** Invented organisers and events of 多元表現. Codes stand in the form of the city's tables. */
export const posts = [
  '班長',
  '副班長',
  '學藝股長',
  '衛生股長',
  '社長',
  '副社長',
  '教學組長',
  '總務',
  '活動長',
  '小隊長',
  '英文小老師',
  '班聯會代表',
] as const;
export const clubs = [
  '熱音社',
  '吉他社',
  '資訊研究社',
  '生物研究社',
  '辯論社',
  '服務社',
  '童軍團',
  '管樂社',
  '攝影社',
  '桌球隊',
  '天文社',
  '模擬聯合國社',
] as const;

export const competitions: readonly { name: string; group: string; level: string }[] = [
  { name: '校內科學展覽會', group: '化學科', level: '1' },
  { name: '校內英語演講比賽', group: '高二組', level: '1' },
  { name: '校慶大隊接力', group: '班級組', level: '1' },
  { name: '校內數學能力競賽', group: '個人組', level: '1' },
  { name: '全市語文競賽', group: '國語朗讀高中組', level: '3' },
  { name: '全市科學展覽會', group: '物理與天文學科', level: '3' },
  { name: '全國高級中等學校小論文寫作比賽', group: '商業類', level: '5' },
  { name: '全國高級中等學校閱讀心得寫作比賽', group: '高一組', level: '5' },
  { name: '青少年程式設計挑戰賽', group: '高中職組', level: '5' },
  { name: '中學生網球錦標賽', group: '雙打', level: '5' },
  { name: '國際青少年機關王競賽', group: '高中組', level: '6' },
  { name: '亞洲物理思考營暨競賽', group: '個人組', level: '6' },
];
export const awards = ['佳作', '入選', '甲等', '優等', '第三名', '第二名', '第一名', '特優', '最佳團隊合作'] as const;

export const certificates: readonly {
  code: string;
  type: string;
  group: string;
  scored: readonly [number, number] | undefined;
  items: string;
}[] = [
  { code: '全民英檢中級初試', type: '2', group: '聽力閱讀', scored: [140, 230], items: '聽力、閱讀' },
  { code: '多益英語測驗', type: '2', group: '公開測驗', scored: [480, 905], items: '聽力、閱讀' },
  { code: '日本語能力試驗N4', type: '2', group: 'N4', scored: [92, 168], items: '言語知識・讀解、聽解' },
  { code: '大學程式設計先修檢測', type: '3', group: '實作題', scored: [2, 5], items: '觀念題、實作題' },
  { code: '電腦軟體應用丙級', type: '1', group: '單一級', scored: undefined, items: '學科合格、術科合格' },
  { code: '客語能力認證初級', type: '2', group: '四縣腔', scored: undefined, items: '' },
  { code: '閩南語語言能力認證中級', type: '2', group: 'B卷', scored: undefined, items: '' },
  { code: '山域嚮導初級', type: '3', group: '健行', scored: undefined, items: '' },
];

export const services: readonly { name: string; unit: string }[] = [
  { name: '圖書館志工', unit: '本校圖書館' },
  { name: '國小課後陪讀', unit: '青田社區發展協會' },
  { name: '淨灘活動', unit: '藍海環境志工隊' },
  { name: '流浪動物之家清潔', unit: '毛小孩關懷協會' },
  { name: '交通導護', unit: '本校學務處' },
  { name: '長者共餐服務', unit: '和平里辦公處' },
  { name: '偏鄉英語營隊', unit: '本校服務社' },
  { name: '校慶接待', unit: '本校秘書室' },
  { name: '醫院病房書車', unit: '仁和醫院志工隊' },
  { name: '回收站分類', unit: '永續社區工作站' },
];

export const flexible: readonly { code: string; name: string; unit: string }[] = [
  { code: '1', name: '自主學習：微積分先修', unit: '本校教務處' },
  { code: '1', name: '自主學習：手沖咖啡的科學', unit: '本校教務處' },
  { code: '1', name: '自主學習：城市速寫', unit: '本校教務處' },
  { code: '2', name: '選手培訓：數學', unit: '本校數學科' },
  { code: '3', name: '微課程：航空城與地理', unit: '本校社會科' },
  { code: '3', name: '充實教學：實驗設計', unit: '本校自然科' },
  { code: '4', name: '學校特色活動：書院講座', unit: '本校圖書館' },
];

export const groupActivities: readonly { code: string; name: string; unit: string }[] = [
  { code: '1', name: '班級活動：班遊規劃', unit: '導師' },
  { code: '2', name: '社團成果發表會', unit: '本校學務處' },
  { code: '3', name: '學生自治會幹部訓練', unit: '學生會' },
  { code: '4', name: '服務學習週', unit: '本校學務處' },
  { code: '5', name: '國際教育週', unit: '本校教務處' },
  { code: '6', name: '防災講座', unit: '本校學務處' },
];

export const workplaces: readonly { code: string; unit: string; position: string }[] = [
  { code: '1', unit: '晨光出版社', position: '編輯見習生' },
  { code: '1', unit: '大安動物醫院', position: '獸醫助理見習' },
  { code: '2', unit: '森林烘焙坊', position: '工讀生' },
  { code: '3', unit: '市立美術館', position: '教育推廣見習' },
  { code: '1', unit: '和平法律事務所', position: '法務見習' },
];

export const works = [
  '短片〈放學後〉',
  '校刊封面設計',
  '原創歌曲〈走廊〉',
  '手作電吉他',
  '校園導覽 App',
  '版畫三連作',
  '短篇小說〈雨季〉',
  '木作書架',
  '班服設計',
  '攝影集〈早餐店〉',
] as const;

export const advancedCourses: readonly { project: string; unit: string; course: string; credits: number }[] = [
  { project: '大學預修課程計畫', unit: '東湖大學', course: '普通化學', credits: 3 },
  { project: '大學預修課程計畫', unit: '東湖大學', course: '微積分甲', credits: 4 },
  { project: '高中生先修計畫', unit: '城南科技大學', course: '程式設計概論', credits: 3 },
  { project: '夏日學院', unit: '陽明山大學', course: '經濟學導論', credits: 2 },
];

export const others: readonly { name: string; unit: string }[] = [
  { name: '物理思考營', unit: '東湖大學物理系' },
  { name: '科學講座：深海', unit: '城市科學館' },
  { name: '文學營', unit: '青年文學會' },
  { name: '國際交流：姊妹校來訪', unit: '本校教務處' },
  { name: '職人講堂', unit: '本校輔導室' },
  { name: '單車環島', unit: '本校體育組' },
  { name: '模擬聯合國會議', unit: '中學生模擬聯合國籌備會' },
  { name: '博物館導覽培訓', unit: '市立博物館' },
];

export const reflections = [
  '學習主動承擔與規劃時間，',
  '第一次面對眾人表達，',
  '在合作中看見彼此的長處，',
  '遇到挫折後重新調整方法，',
  '從準備到完成花了兩個月，',
  '與不同年齡的人相處，',
  '把課堂所學用在生活裡，',
] as const;
export const insights = [
  '更清楚自己的興趣。',
  '學會傾聽與溝通。',
  '知道細節決定成果。',
  '體會付出的快樂。',
  '也發現自己需要加強的地方。',
  '成為難忘的經驗。',
] as const;
