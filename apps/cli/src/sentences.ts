/** An error whose message is for people, with what the machine said below it. */
export const sentenceOf = ({ message, cause }: Error): string =>
  cause instanceof Error && cause.message !== '' && !message.includes(cause.message)
    ? `${message} (${cause.message})`
    : message
