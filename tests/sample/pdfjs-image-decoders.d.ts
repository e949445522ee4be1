/** pdfjs-dist ships its picture decoders without types; what the tests use of them. */
declare module 'pdfjs-dist/image_decoders/pdf.image_decoders.mjs' {
  export class JpegImage {
    width: number;
    height: number;
    numComponents: number;
    parse(bytes: Uint8Array): void;
    getData(options: { width: number; height: number; forceRGB: boolean; isSourcePDF: boolean }): Uint8ClampedArray;
  }
}
