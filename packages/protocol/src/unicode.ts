/** Text that can be stored by every engine: well-formed Unicode without U+0000. */
export const storable = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000')
export const STORABLE = 'must be well-formed Unicode without U+0000'

/** A letter, mark, number, punctuation or symbol that is not one of the blank ones (Hangul fillers, Braille blank). */
export const VISIBLE = /(?![\u115F\u1160\u3164\uFFA0\u2800])[\p{L}\p{N}\p{P}\p{S}]/u
/** Control, format (bidi, zero width, tag) and separator characters, save the two joiners that emoji and scripts need. */
export const HIDDEN = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
