/** My account: sessions, tokens, the password. */
export default {
  title: "My account",
  session: {
    title: "Open sessions", lead: "Where this account is signed in. A session ends by itself {hours} hours after sign-in.", idle: "It also ends after {minutes} minutes without use.",
    this: "this one", began: "Since", seen: "Last used", ends: "Ends", address: "From", browser: "Browser", unknown: "not told", do: "Action",
    end: "End", end_others: "End all others", none_other: "there is no other", ended: "{n} session ended | {n} sessions ended",
  },
  token: {
    title: "Tokens for programs", lead: "A program that carries a token reads what you may read, narrowed by you. It can never do more than you, and ends with your grants.",
    add: "New token", none: "No token yet", what: "For what", days: "Days", days_hint: "{most} days at most", lens: "Sees at most", lens_role: "What its role sees", place: "Place and all below", another_place: "Another place and all below", place_hint: "Empty means all that you see.",
    methods: "May", reads: "read only", writes: "read and change", subjects: "Only for", subjects_hint: "Nothing chosen means all that is open to programs.",
    own_role: "With my role (otherwise that of a program, which reads work and no people)", make: "Make the token", need_title: "say what it is for", need_days: "say for how many days, at most {most}",
    made: "Copy the token now", made_lead: "It is shown only this once and kept nowhere. The program sends it as Authorization: Bearer.", secret: "Token", copy: "Copy", copied: "Copied", not_copied: "not possible here, mark and copy it", done: "I have it",
    prefix: "Begins with", role: "Role", used: "Last used", unused: "never", until: "Until", state: "State", revoke: "Revoke", revoke_now: "Yes, revoke it", sure: "The next request with it is refused. Sure?",
    all: "all open ones", states: { active: "holds", expired: "over", revoked: "revoked" },
    subject: { buildings: "buildings", cases: "cases", entities: "tables", files: "files", layers: "map layers", loads: "loads", numbers: "figures", packs: "packs", panels: "panels", places: "places" },
  },
  password: {
    title: "Password", old: "Password until now", new: "New password", again: "New password again", hint: "At least {n} characters; not one that others guess.", change: "Change password",
    changed: "The password is changed; all other sessions have ended.", differ: "Both are not the same", elsewhere: "This account signs in with that of your organisation; the password is changed there.",
    need_old: "type the one until now", need_new: "at least {n} characters",
  },
};
