import { type Config, isLocal, unsafeSettings } from '@tertulia/server'
import type { Advice } from './advice.ts'

/** What `start` would refuse, and what it lets pass although it is seldom meant. */
export function settingsAdvice(config: Config): Advice[] {
  const refused = unsafeSettings(config).map(({ variable, why, fix }) => ({
    what: `${variable} ${why}`,
    why: '`tertulia start` refuses to run with it',
    fix,
  }))
  return [...refused, ...oddities(config)]
}

function oddities(config: Config): Advice[] {
  const advice: Advice[] = []
  if (config.allowedOrigins.length === 0)
    advice.push({
      what: 'TERTULIA_ALLOWED_ORIGINS is empty',
      why: 'no page in a browser can connect',
      fix: 'export TERTULIA_ALLOWED_ORIGINS=https://app.example',
    })
  for (const origin of config.allowedOrigins.filter(isPlainHttp))
    advice.push({
      what: `TERTULIA_ALLOWED_ORIGINS has ${origin}, which is not encrypted`,
      why: 'whoever is on the way can act as that page, with the tokens of its users',
      fix: `name ${origin.replace('http:', 'https:')} instead`,
    })
  if (config.behindTls && config.trustedProxies.length === 0)
    advice.push({
      what: 'TERTULIA_BEHIND_TLS is set and TERTULIA_TRUSTED_PROXIES is not',
      why: 'everybody seems to come from the proxy, and shares its limits',
      fix: 'export TERTULIA_TRUSTED_PROXIES=127.0.0.1, or the address of the proxy',
    })
  if (config.previousSecret !== null && config.previousSecret === config.secret)
    advice.push({
      what: 'TERTULIA_PREVIOUS_SECRET is the same as TERTULIA_SECRET',
      why: 'nothing was replaced, and whoever has the old secret can sign in as anybody',
      fix: 'set TERTULIA_SECRET to the output of: openssl rand -base64 48',
    })
  else if (config.previousSecret !== null)
    advice.push({
      what: 'TERTULIA_PREVIOUS_SECRET is still set',
      why: 'tokens of the old secret are good as long as it is',
      fix: 'unset TERTULIA_PREVIOUS_SECRET when the last old token is past its expiry',
    })
  if (config.allowQueryToken)
    advice.push({
      what: 'TERTULIA_ALLOW_QUERY_TOKEN is on',
      why: 'tokens in addresses end up in the logs of every proxy',
      fix: 'unset TERTULIA_ALLOW_QUERY_TOKEN, and use tickets where no header can be set',
    })
  return [...advice, ...databaseAdvice(config)]
}

const isPlainHttp = (origin: string): boolean =>
  origin.startsWith('http:') && !isLocal(new URL(origin).hostname)

function databaseAdvice({ databaseUrl }: Config): Advice[] {
  if (databaseUrl === null) return []
  const { hostname, searchParams } = new URL(databaseUrl)
  const mode = searchParams.get('sslmode')
  if (isLocal(hostname) || mode === 'verify-full' || mode === 'require') return []
  return [
    {
      what: 'TERTULIA_DATABASE_URL names another machine without asking for TLS',
      why: 'the password and all messages go over the network in the clear',
      fix: 'add ?sslmode=verify-full to the address',
    },
  ]
}
