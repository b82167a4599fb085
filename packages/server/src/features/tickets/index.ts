import { createTicket } from '@tertulia/protocol'
import { type Handler, relay } from '../../kernel/handlers.ts'

const create = relay(createTicket, async ({ actor, settings }) => settings.tickets.ticketFor(actor))

export const ticketHandlers: readonly Handler[] = [create]
