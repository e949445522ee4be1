/** Style sheets are imported for their effect; Vite bundles them. */
declare module '*.css';
declare module 'pdfjs-dist/build/pdf.worker.min.mjs';
/** antd declares no module format, so TypeScript would take this file for CommonJS; bundled, it is what it looks like. */
declare module 'antd/es/locale/zh_TW.js' {
  const locale: import('antd/es/locale/index.js').Locale;
  export default locale;
}
