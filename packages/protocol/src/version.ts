/** The major version of the wire. It is the `1` of `/v1`, of `tertulia.v1.json` and of `hello.protocol`. */
export const PROTOCOL = 1

export const SUBPROTOCOL = 'tertulia.v1.json'

/** One line per change of the wire, newest first. A changed contract hash asks for a new line. */
export const wireHistory: readonly { readonly hash: string; readonly change: string }[] = [
  {
    hash: 'ebfe8f0f1463e40a301fa2824d60d2153339d74748905fc893fc169ec1bf82ae',
    change: 'A scheduled message that failed brings the details of the error.',
  },
  {
    hash: 'ca41683b6af0eea4f63a8acb8600cfbfe9bf4dd271ad46cab995a7f86cbda5ba',
    change:
      'Frozen channels are read and not spoken in; disabled ones are shut for all but app servers.',
  },
  {
    hash: 'eedcb0a778580e97130d47ca4f306a0ac490c2c286597585698408bf963faa1d',
    change: 'Truncation: what was said up to a seq is taken away for everybody.',
  },
  {
    hash: '707c0c8024e6f7a162ccee8072ef7f5ac01e7fd73629c45b9ea7c1fb3d5c8e78',
    change: 'Mentions of those who are there.',
  },
  {
    hash: '7fe7c3b5ac8f9413e620720cb377fedfe495c02029ef263f5f11b1753d943b5f',
    change: 'Pinned messages: pinned, unpinned, listed, told and synced.',
  },
  {
    hash: '995f3c4ad432f4b3512dd58bfa9355cc7b09609e3dd802f44cd74b42bb84d3d1',
    change: 'Live channels: watched and written by viewers, told in windows, and how many watch.',
  },
  {
    hash: '7928bc14c07639efc20167e8b3f3a18c382cbc956414daf737f6af8c8311d562',
    change: 'Blocks: users block each other, one way or two, unseen by those who are blocked.',
  },
  {
    hash: 'ac3b5b3bd62e5be17fd094e3fb44d7a48f250aadbbab87cc3386aca364bf70c9',
    change: 'Drafts: kept per channel and thread, and gone with their message.',
  },
  {
    hash: '8c7a5f1bc040fd74b9b009b7e2c6bc942647a9ec1846d234962994bd9afc33c4',
    change: 'Scheduled messages: made, listed, changed, cancelled, told and synced.',
  },
  {
    hash: '994da7ae102cd2bb6d130844b6b46a549367804bd222bff960b269b6671b95d6',
    change: 'System messages, and messages that are sent silently.',
  },
  {
    hash: 'a6fc20e07574305077462d4387c670a2f2e8dc4a12802529bbba2f4e22e27a8c',
    change: 'Slow mode: how fast members may send in a channel.',
  },
  {
    hash: 'b346c28f22c7ad159b42567a279fbb3361f4b4b1e6fa702015e2499bcf0753b6',
    change: 'Arrangements: a channel is muted, pinned, hidden or archived for oneself.',
  },
  {
    hash: '90abdce0c3c9dabd2b612a50e9c780336524fc69f2b8fefd22cafed9540eb4a5',
    change: 'Who wants to hides how far messages came to them.',
  },
  {
    hash: '1de95c80b4dd54e81bd946a1d1904afdd6291037bde649b8fc7d069907f3b796',
    change: 'Presence: chosen, watched, told and counted.',
  },
  {
    hash: '7537c1d3d4259dfc175a8e4c752541acb58f39aa2a35655ad8038e30449ffdd6',
    change: 'Typing: taken and told in frames, and switched off by those who want to.',
  },
  {
    hash: 'ca7b82b3c4f7b05968e31960ac2cc099986fc922f338d78c4a341fc257d52b4d',
    change: 'Threads: replies, summaries, and who follows and has read them.',
  },
  {
    hash: '87ae95c19f3d101569ec51dc9e719b8984b51d9328097e8abfbed18ebb56166e',
    change: 'How far users have read, what is left to read, and receipts.',
  },
  {
    hash: 'a5a39870d1a23e37c44953d3f761999a2727affdd93b8b14aa6568c4de7eed3e',
    change: 'Reactions: added, removed, listed, told and synced.',
  },
  {
    hash: 'f82c2089de88d3dfab16f97020c7bc117463da08fc89ac33183aee70878525a2',
    change: 'The first wire.',
  },
]
