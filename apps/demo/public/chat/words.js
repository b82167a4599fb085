/** What people are told of a refusal; the words of the server are for whoever writes a client. */
const WORDS = {
  'channel.frozen': 'This conversation is frozen. Only its moderators can write.',
  'channel.disabled': 'This conversation is closed for now.',
  'channel.slow_mode': 'Slow mode: wait a moment before the next message.',
  'user.unreachable': 'They cannot be reached here.',
  forbidden: 'You may not do that here.',
}

export const inWords = ({ code, message }) => WORDS[code] ?? message
