/** One thing that somebody received: an HTTP answer with its headers, a frame, a close reason. */
interface Heard {
  readonly from: string
  readonly text: string
}

/** Everything that somebody received from the server, to the last byte. */
export class Ears {
  #heard: Heard[] = []

  note(from: string, text: string): void {
    this.#heard.push({ from, text })
  }

  /** Forgets what was heard so far: what somebody was allowed to hear is no leak. */
  forget(): void {
    this.#heard = []
  }

  get count(): number {
    return this.#heard.length
  }

  /** The same with what matches left out. */
  without(left: RegExp): Ears {
    const rest = new Ears()
    for (const { from, text } of this.#heard) rest.note(from, text.replaceAll(left, ''))
    return rest
  }

  /** Where one of the markers was heard, in words for a test report. */
  find(markers: readonly string[]): string[] {
    return this.#heard.flatMap(({ from, text }) =>
      markers
        .filter((marker) => text.includes(marker))
        .map((marker) => `${marker} in ${from}: ${around(text, marker)}`),
    )
  }
}

function around(text: string, marker: string): string {
  const at = text.indexOf(marker)
  return text.slice(Math.max(0, at - 120), at + marker.length + 40)
}
