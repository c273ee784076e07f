/** Purposes, looks and the audit. */
export default {
  state: "State purpose", running: "Purpose", none: "No purpose stated: households and contacts stay masked", left: "{left} left", over: "The purpose has ended; data is masked again", end: "End", show: "See household", household: "Household", of_home: "Household of {name}",
  why: "State your purpose before you see personal data. Every look is recorded in the audit and shown to the community concerned.", purpose: "Purpose", ticket: "Ticket", ticket_hint: "The number only, no names or phones", minutes: "Duration (minutes)", most: "at most {n} minutes", opens: "Will show",
  confirm: "This is sensitive data; I confirm that I need to see it", must_confirm: "Confirm that you need sensitive data.", must_ticket: "This purpose needs a ticket number.", take: "State purpose and look", no_purpose: "Your role has no purposes available", nobody: "No household registered", persons: "{n} person | {n} persons", born: "born {n}", registered: "registered here", unregistered: "not registered here", see_home: "To see the household again, state a purpose",
  about: { case: "This case", household: "This home", place: "This area" },
  field: {
    case_contact_name: "name of the reporter", case_contact_phone: "phone of the reporter", case_words_words: "the letter in full", household_all: "household", occupancy_all: "who lives where", person_all: "basic data of residents", person_identity_name: "names", person_identity_phone: "phones", person_identity_id_number: "identity numbers",
  },
  sex: { female: "female", male: "male", F: "female", M: "male" },
  looks: {
    nav: "Looks", title: "Who looked at our households", lead: "Every look at household data of your area: who, when, what was seen, and why.", none: "Nobody has looked at household data yet", when: "When", who: "Who", home: "Home", fields: "Fields", why: "Why", ticket: "Ticket", more: "Earlier looks", unknown: "account deleted",
  },
  audit: {
    nav: "Audit", title: "Audit", whole: "The chain is intact: the last {n} of {all} entries were recomputed and match", broken: "The chain is broken from row {seq} on; run huitian audit verify", head: "Head", keep: "Store the head outside this system. Later, huitian audit verify --head shows whether the end was cut off.", copy: "Copy", copied: "Copied", unusual: "Accounts with the most looks in seven days", alarm: "Alarm above {n} a day",
    n_looks: "Looks, one a request", n_subjects: "Different subjects", n_at_night: "At night", n_most: "Busiest day", over: "over the alarm", filter: "Filter", user: "Account", act: "Action", subject: "Subject", since: "From", until: "To", all: "All", seq: "No.", when: "When", who: "Account", what: "Action", entity: "Entity", whose: "Subject", why: "Purpose", route: "Interface", none: "No matching entries", csv: "Export CSV", csv_note: "The export is recorded in the audit too", more: "Earlier entries", total: "{n} entry | {n} entries", clear: "Clear",
    acts: { look: "Look", change: "Change", export: "Export", grant: "Grant", purpose: "Purpose", erase: "Delete", token: "Token", sign_in: "Sign-in" },
  },
};
