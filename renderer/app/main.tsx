import '../../preload/browser.ts';
import '@fontsource-variable/noto-sans-tc/index.css';
import './global.css';
import './frame.css';
import '../components/components.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { ConfigProvider } from 'antd';
import zhTW from 'antd/es/locale/zh_TW.js';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { ErrorBoundary } from './error-boundary.tsx';
import { useHashSearch } from './hash-location.ts';
import { queryClient } from './query-client.ts';
import { giveStylesTheNonce } from './style-nonce.ts';
import { theme } from './theme.ts';
import { guardedLocation } from './unsaved-changes.tsx';
import { Window } from './window.tsx';

/** The host puts a fresh nonce into the page; antd's style sheets carry it. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;

if (nonce) giveStylesTheNonce(nonce);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <ConfigProvider locale={zhTW} theme={theme} csp={nonce ? { nonce } : undefined} button={{ autoInsertSpace: false }}>
      <QueryClientProvider client={queryClient}>
        <Router hook={guardedLocation} searchHook={useHashSearch}>
          <ErrorBoundary>
            <Window />
          </ErrorBoundary>
        </Router>
      </QueryClientProvider>
    </ConfigProvider>
  </StrictMode>,
);
