export { memberCheck } from './members.check.ts'
export { saveMembership } from './members.store.ts'
export { memberHandlers, peopleOf } from './members.ts'
export { joinMember, type Roster } from './membership.ts'
