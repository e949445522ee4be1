import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';

/**
 * The built window, served the same way by the browser host (HTTP) and the shell (`app://`): contained in its folder,
 * with the same strict policy.
 */
export interface RendererAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.pdf': 'application/pdf',
  '.mp3': 'audio/mpeg',
  '.txt': 'text/plain; charset=utf-8',
};

/** Sent with every answer of a host, whatever it is. */
export const guardingHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=(), display-capture=()',
};

/**
 * The window's policy. Styles that antd makes at run time carry the nonce of this load; scripts come from our files only.
 * @param connect sources beside 'self' that the window may connect to, `ws://127.0.0.1:41234`
 */
export function contentSecurityPolicy(nonce: string, connect: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob: data:",
    "font-src 'self'",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "worker-src 'self' blob:",
    "media-src 'self' blob:",
    "frame-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const nonceMeta = /<meta\s+name="csp-nonce"[^>]*>/;

/** Puts the nonce of this load where the window reads it. */
export function withNonce(html: string, nonce: string): string {
  const meta = `<meta name="csp-nonce" content="${nonce}">`;
  return nonceMeta.test(html) ? html.replace(nonceMeta, meta) : html.replace('<head>', `<head>${meta}`);
}

/** The file a path names inside a folder, or null for anything that would leave it. */
export function containedPath(folder: string, urlPath: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null; // Malformed percent-encoding names no file.
  }
  if (/[\0\\:]/.test(decoded)) return null;
  const root = resolve(folder);
  const path = resolve(root, `.${decoded.startsWith('/') ? decoded : `/${decoded}`}`);
  return path.startsWith(`${root}${sep}`) ? path : null;
}

const plain = (status: number, text: string): RendererAnswer => ({
  status,
  headers: { ...guardingHeaders, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  body: Buffer.from(text),
});

/** Names with a content hash, as Vite writes them: they never change. */
const hashed = /^\/assets\/.+-[\w-]{8}\.\w+$/;

/**
 * Answers one request for the window's files. Not compressed: over loopback and from disk, packing costs more than
 * it saves.
 * @param urlPath the path of the address, still percent-encoded
 */
export async function answerRendererFile(folder: string, urlPath: string, connect: readonly string[] = []): Promise<RendererAnswer> {
  const wanted = urlPath === '/' ? '/index.html' : urlPath;
  const path = containedPath(folder, wanted);
  const mediaType = path === null ? undefined : mediaTypes[extname(path)];
  if (path === null || mediaType === undefined) return plain(404, '沒有這個檔案');
  let content: Buffer;
  try {
    content = await readFile(path);
  } catch (error) {
    if (!['ENOENT', 'EISDIR', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return plain(404, '沒有這個檔案');
  }
  const headers: Record<string, string> = { ...guardingHeaders, 'Content-Type': mediaType, 'X-Frame-Options': 'DENY' };
  if (extname(path) !== '.html') {
    headers['Cache-Control'] = hashed.test(wanted) ? 'public, max-age=31536000, immutable' : 'no-cache';
    return { status: 200, headers, body: content };
  }
  const nonce = randomBytes(18).toString('base64');
  headers['Cache-Control'] = 'no-store';
  headers['Content-Security-Policy'] = contentSecurityPolicy(nonce, connect);
  return { status: 200, headers, body: Buffer.from(withNonce(content.toString('utf8'), nonce)) };
}
