import { Drawer } from 'antd';
import { helpTexts } from '../help/index.ts';
import { referenceOf, type Screen } from './screens.tsx';

interface HelpDrawerProps {
  open: boolean;
  screen: Screen;
  onClose: () => void;
}

const keys: readonly (readonly [string, string])[] = [
  ['Ctrl+K', '找學生'],
  ['/', '到表格的篩選列'],
  ['↑ ↓ Enter 空白鍵', '在表格中移動、開啟、勾選'],
  ['Ctrl+E', '匯出 EXCEL'],
  ['Ctrl+Shift+S', '立即同步'],
  ['F5', '重新讀取資料'],
  ['Ctrl+L', '鎖定畫面'],
  ['Esc', '關閉最上層的視窗，輸入的內容不會遺失'],
];

/** F1: what this page is for and how, in a few lines, and the keys. */
export function HelpDrawer({ open, screen, onClose }: HelpDrawerProps) {
  const help = helpTexts[screen.help];
  return (
    <Drawer open={open} onClose={onClose} size={400} title={`${screen.title}：說明`}>
      <p className="muted">{referenceOf(screen)}</p>
      {help && (
        <>
          <p>{help.purpose}</p>
          <ol className="help-steps">
            {help.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          {help.remarks.length > 0 && (
            <>
              <h3>請留意</h3>
              <ul className="help-steps">
                {help.remarks.map((remark) => (
                  <li key={remark}>{remark}</li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
      <h3>按鍵</h3>
      <dl className="help-keys">
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Drawer>
  );
}
