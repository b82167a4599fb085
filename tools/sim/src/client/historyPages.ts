import type { Cursor } from '@tertulia/protocol'
import type { ChannelCopy, HistoryPage } from './channelCopy.ts'

interface Held {
  readonly page: HistoryPage
  readonly resets: number
}

/**
 * Pages of history on their way into a copy. No row in the store may be newer than the cursor: when the newest part
 * of the history is lost and the cursor stands on what is left, such a row would stay for ever. So a page that was
 * read at a later position waits until the cursor is there.
 */
export class HistoryPages {
  readonly #copy: ChannelCopy
  #held: readonly Held[] = []

  constructor(copy: ChannelCopy) {
    this.#copy = copy
  }

  /** What the page must still fit when it comes: rows from before a reset may be older than what the reset left out. */
  ask(): (page: HistoryPage) => void {
    const { resets } = this.#copy
    return (page) => {
      this.#held = [...this.#held, { page, resets }]
    }
  }

  /** Takes over what the cursor has reached. */
  release(cursor: Cursor): void {
    const fitting = this.#held.filter(
      ({ page, resets }) => resets === this.#copy.resets && page.epoch === cursor.epoch,
    )
    this.#held = fitting.filter(({ page }) => page.through > cursor.seq)
    for (const { page } of fitting) if (page.through <= cursor.seq) this.#copy.applyPage(page)
  }
}
