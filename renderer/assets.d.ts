/** Style sheets are imported for their effect; Vite bundles them. */
declare module '*.css';
declare module 'pdfjs-dist/build/pdf.worker.min.mjs';
