/**
 * antd gives its own style sheets the nonce it is told (ConfigProvider csp); a few that its parts make in passing, to
 * measure a scroll bar or to hold the page still beneath a dialog, it forgets, and the policy would refuse them.
 */
export function giveStylesTheNonce(nonce: string): void {
  const createElement = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = createElement(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  }) as typeof document.createElement;
}
