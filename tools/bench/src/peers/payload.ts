/** What peers send: as many bytes, field by field, as our own event of a message of a hundred characters. */
export const payloadOf = (seq: number) => ({
  type: 'event',
  channel: '2000000000',
  epoch: 1,
  prev: seq - 1,
  seq,
  at: 1_800_000_000_000,
  name: 'message.created',
  by: 'user-0',
  data: {
    message: {
      id: '279183746501234567',
      channelId: '2000000000',
      seq,
      version: seq,
      clientId: '019a9f2e-8c4b-7000-8000-000000000001',
      author: 'user-0',
      kind: 'text',
      text: 'The ferry leaves at nine, so bring the blue folder and a coat: it will rain before we are back.',
      mentions: [],
      attachments: [],
      reactions: {},
      custom: {},
      createdAt: 1_800_000_000_000,
    },
  },
})
