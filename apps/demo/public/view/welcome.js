import { avatar, element } from './dom.js'

const PEOPLE = [
  ['alice', 'Alice'],
  ['bob', 'Bob'],
  ['charlie', 'Charlie'],
  ['dana', 'Dana'],
]

/** Who are you? Every window may be somebody else. */
export function welcome(choose) {
  const people = PEOPLE.map(([id, name]) =>
    element('li', {}, [
      element('button', { type: 'button', onclick: () => choose(id) }, [
        avatar(name),
        element('span', {}, [name]),
      ]),
    ]),
  )
  return element('main', { class: 'welcome' }, [
    element('img', { src: '/icon.svg', alt: '' }),
    element('h1', {}, ['Who are you today?']),
    element('p', {}, [
      'Open this page in two windows, choose two people, and talk. Every message is on your disk before it is acknowledged.',
    ]),
    element('ul', { class: 'people' }, people),
    element('p', { class: 'hint' }, ['These people exist only in development.']),
  ])
}
