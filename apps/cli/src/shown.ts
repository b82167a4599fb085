const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** A text from a store as a terminal may show it: what would move the cursor or hide something stands as its number. */
export const shown = (text: string): string =>
  text.replaceAll(HIDDEN, (hidden) => `\\u{${hidden.codePointAt(0)?.toString(16)}}`)
