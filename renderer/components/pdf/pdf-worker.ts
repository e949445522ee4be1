/** The entry of pdf.js' worker, so that it is bundled with the window and served by our own host. */
import 'pdfjs-dist/build/pdf.worker.min.mjs';
