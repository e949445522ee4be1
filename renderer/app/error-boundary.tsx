import { Button, Result } from 'antd';
import { Component, type ReactNode } from 'react';

interface ErrorBoundaryProps {
  children: ReactNode;
  /** A new value tries again: the path of the screen. */
  resetKey?: string;
}

/** A screen that fails says so and leaves the rest of the window usable. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override componentDidUpdate(before: ErrorBoundaryProps) {
    if (this.state.failed && before.resetKey !== this.props.resetKey) this.setState({ failed: false });
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <Result
        status="error"
        title="這個畫面無法顯示"
        subTitle="資料沒有變動。請重新載入；若仍發生，請提供記錄檔給維護人員。代碼 window.failed"
        extra={
          <Button type="primary" onClick={() => window.location.reload()}>
            重新載入
          </Button>
        }
      />
    );
  }
}
