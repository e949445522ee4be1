import type { ThemeConfig } from 'antd';

/**
 * One restrained theme: a deep teal, 14 px, a 4 px grid. Red only for what is wrong, amber for what will be, green
 * for done. Greys are darker than antd's own so that all text reaches 4.5:1 (WCAG 2.2 AA).
 */
export const accent = '#0F6B6B';

const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;

export const theme: ThemeConfig = {
  token: {
    colorPrimary: accent,
    colorLink: accent,
    colorInfo: accent,
    colorError: '#B3261E',
    colorWarning: '#8F5500',
    colorSuccess: '#2E7D32',
    // antd would derive greyish grounds from colours as deep as these.
    colorPrimaryBg: '#E6F2F1',
    colorPrimaryBgHover: '#DCEDEC',
    colorPrimaryBorder: '#9CC7C5',
    colorPrimaryHover: '#17807F',
    colorPrimaryActive: '#0A5252',
    colorLinkHover: '#0A5252',
    colorLinkActive: '#0A5252',
    colorInfoBg: '#EAF4F3',
    colorInfoBorder: '#B5D5D3',
    colorErrorBg: '#FDF1F0',
    colorErrorBorder: '#EBBBB7',
    colorWarningBg: '#FFF8EA',
    colorWarningBorder: '#F0D9AE',
    colorWarningText: '#8F5500',
    colorSuccessBg: '#EEF7EE',
    colorSuccessBorder: '#BBDBBD',
    controlItemBgActive: '#DCEDEC',
    controlItemBgHover: '#F0F5F5',
    controlOutline: 'rgba(15, 107, 107, 0.18)',
    colorText: '#1C2526',
    colorTextSecondary: '#4A5759',
    colorTextTertiary: '#5F6B6D',
    colorTextDescription: '#5F6B6D',
    colorTextPlaceholder: '#6B7779',
    colorBorder: '#B9C4C4',
    colorBorderSecondary: '#DFE6E6',
    colorBgLayout: '#F5F7F7',
    fontFamily: "'Noto Sans TC Variable', 'Noto Sans TC', 'Microsoft JhengHei', 'PingFang TC', sans-serif",
    fontSize: 14,
    borderRadius: 4,
    controlHeight: 32,
    motion: !calm,
    motionDurationSlow: '0.14s',
    motionDurationMid: '0.12s',
    motionDurationFast: '0.08s',
    wireframe: false,
  },
  components: {
    Table: {
      headerBg: '#EEF3F3',
      headerColor: '#1C2526',
      headerSplitColor: 'transparent',
      rowHoverBg: '#F3F8F8',
      rowSelectedBg: '#E6F2F1',
      rowSelectedHoverBg: '#DCEDEC',
      cellPaddingBlockSM: 5,
      bodySortBg: 'transparent',
      headerSortActiveBg: '#E3EDED',
      headerSortHoverBg: '#E3EDED',
      cellPaddingInlineSM: 10,
      headerBorderRadius: 0,
    },
    Menu: {
      itemHeight: 34,
      itemMarginBlock: 2,
      itemMarginInline: 8,
      subMenuItemBg: 'transparent',
      itemBg: 'transparent',
      itemSelectedBg: '#DCEDEC',
    },
    Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
    Alert: { withDescriptionPadding: '8px 12px', withDescriptionIconSize: 18, fontSizeLG: 14 },
    Tooltip: { colorBgSpotlight: '#263233' },
  },
};
