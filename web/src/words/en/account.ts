/** My account: sessions, tokens, the password. */
export default {
  title: "My account",
  session: {
    title: "Open sessions", lead: "Where this account is signed in. A session ends by itself {hours} hours after sign-in.", idle: "It also ends after {minutes} minutes without use.",
    this: "this session", began: "Since", seen: "Last used", ends: "Ends", address: "From", browser: "Browser", unknown: "unknown", do: "Action",
    end: "End", end_others: "End all others", none_other: "no other sessions", ended: "{n} session ended | {n} sessions ended",
  },
  token: {
    title: "Tokens for programs", lead: "A program with a token can read what you may read, or less if you narrow it. It can never do more than you can, and it ends when your grants end.",
    add: "New token", none: "No token yet", what: "Purpose", days: "Days", days_hint: "at most {most} days", lens: "Highest view", lens_role: "As its role", place: "Place and everything below", another_place: "Another place and everything below", place_hint: "Leave empty for everything you can see.",
    methods: "Access", reads: "read only", writes: "read and change", subjects: "Only for", subjects_hint: "Choose none for everything that is open to programs.",
    own_role: "Use my role (otherwise the role of a program, which reads work but no personal data)", make: "Create token", need_title: "enter a purpose", need_days: "enter the number of days, at most {most}",
    made: "Copy the token now", made_lead: "It is shown only once and stored nowhere. The program sends it as Authorization: Bearer.", secret: "Token", copy: "Copy", copied: "Copied", not_copied: "Cannot copy here: select the token and copy it", done: "I have saved it",
    prefix: "Starts with", role: "Role", used: "Last used", unused: "never", until: "Until", state: "State", revoke: "Revoke", revoke_now: "Yes, revoke it", sure: "Its next request will be refused. Revoke it?",
    all: "everything open", states: { active: "active", expired: "expired", revoked: "revoked" },
    subject: { buildings: "buildings", cases: "cases", entities: "tables", files: "files", layers: "map layers", loads: "loads", numbers: "figures", packs: "packs", panels: "panels", places: "places" },
  },
  password: {
    title: "Password", old: "Current password", new: "New password", again: "Repeat new password", hint: "At least {n} characters, and not easy to guess.", change: "Change password",
    changed: "Password changed. All other sessions have ended.", differ: "the two passwords differ", elsewhere: "This account signs in through your organisation; change the password there.",
    need_old: "enter your current password", need_new: "enter at least {n} characters",
  },
};
