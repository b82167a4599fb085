import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

/** One system call of a trace, as far as the order of flushing and telling depends on it. */
export interface TracedCall {
  readonly name: string
  /** The file or socket that it works on, as `strace -y` names it. */
  readonly target: string
  /** Its arguments, the data among them. */
  readonly text: string
  /** The place of its entry in the trace. */
  readonly begun: number
  /** The place of its return; Infinity while it has not returned. */
  returned: number
}

const ENTRY = /^(\d+) +(\w+)\(\d+<([^>]*)>(.*)$/
const RESUMED = /^(\d+) +<\.\.\. (\w+) resumed>/
const UNFINISHED = '<unfinished ...>'

/** Reads what `strace -f -y` wrote: threads interleave, so an entry and its return may stand on two lines. */
export class TraceReader {
  readonly calls: TracedCall[] = []
  readonly #open = new Map<string, TracedCall>()
  #place = 0

  line(line: string): void {
    const place = this.#place++
    const resumed = RESUMED.exec(line)
    if (resumed) {
      const key = `${resumed[1]} ${resumed[2]}`
      const call = this.#open.get(key)
      if (call) call.returned = place
      this.#open.delete(key)
      return
    }
    const entry = ENTRY.exec(line)
    if (!entry) return
    const [, thread = '', name = '', target = '', text = ''] = entry
    const isOpen = text.endsWith(UNFINISHED)
    const call = {
      name,
      target,
      text,
      begun: place,
      returned: isOpen ? Number.POSITIVE_INFINITY : place,
    }
    if (isOpen) this.#open.set(`${thread} ${name}`, call)
    this.calls.push(call)
  }
}

export async function readTrace(file: string): Promise<readonly TracedCall[]> {
  const reader = new TraceReader()
  for await (const line of createInterface({ input: createReadStream(file) })) reader.line(line)
  return reader.calls
}
