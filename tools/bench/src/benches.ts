import { channelList } from './benches/channelList.ts'
import { crowd } from './benches/crowd.ts'
import { fanout } from './benches/fanout.ts'
import { handshakes } from './benches/handshakes.ts'
import { history } from './benches/history.ts'
import { hotChannel } from './benches/hotChannel.ts'
import { live } from './benches/live.ts'
import { memory } from './benches/memory.ts'
import { reactionResets } from './benches/reactionResets.ts'
import { reactions } from './benches/reactions.ts'
import { sends } from './benches/sends.ts'
import type { Bench } from './run/bench.ts'

/** Every bench there is. */
export const benches: readonly Bench[] = [
  sends,
  fanout,
  memory,
  handshakes,
  history,
  hotChannel,
  live,
  crowd,
  reactions,
  reactionResets,
  channelList,
]
