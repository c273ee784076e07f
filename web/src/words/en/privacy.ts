/** Purposes, looks and the audit. */
export default {
  state: "State purpose", running: "Purpose", none: "No purpose stated: households and contacts stay masked", left: "{left} left", over: "The purpose is over; the masks are back", end: "End", show: "See household", household: "Household", of_home: "Household of {name}",
  why: "Say why before you see a person's data. Every look is kept in the audit, and the community concerned sees it too.", purpose: "Purpose", ticket: "Ticket", ticket_hint: "A number only, no names or phones", minutes: "For how long (minutes)", most: "{n} minutes at most", opens: "It will show",
  confirm: "This is sensitive data; I confirm that I need to see it", must_confirm: "Sensitive data has to be confirmed", must_ticket: "This purpose needs a ticket number", take: "State purpose and look", no_purpose: "Your role has no purpose to state", nobody: "No household is registered", persons: "{n} person | {n} persons", born: "born {n}", registered: "registered here", unregistered: "not registered here", see_home: "State a purpose again to see the household",
  about: { case: "This case", household: "This home", place: "This area" },
  field: {
    case_contact_name: "name of who reported", case_contact_phone: "phone of who reported", case_words_words: "the letter in full", household_all: "household", occupancy_all: "who lives where", person_all: "basic data of persons", person_identity_name: "names", person_identity_phone: "phones", person_identity_id_number: "identity numbers",
  },
  sex: { female: "female", male: "male", F: "female", M: "male" },
  looks: {
    nav: "Looks", title: "Who looked at our households", lead: "Every look at household data of your area: who, when, what was seen, and why.", none: "Nobody has looked at household data yet", when: "When", who: "Who", home: "Home", fields: "Fields", why: "Why", ticket: "Ticket", more: "Earlier looks", unknown: "account gone",
  },
  audit: {
    nav: "Audit", title: "Audit", whole: "The chain holds: the last {n} of {all} rows were recomputed", broken: "The chain is broken from row {seq} on; run huitian audit verify", head: "Head", keep: "Keep the head outside this system: huitian audit verify --head finds later whether the end was cut off.", copy: "Copy", copied: "Copied", unusual: "Accounts that looked most in seven days", alarm: "Alarm above {n} a day",
    n_looks: "Looks", n_subjects: "Different", n_at_night: "At night", n_most: "Busiest day", over: "over the alarm", filter: "Filter", user: "Account", act: "Act", subject: "Subject", since: "From", until: "To", all: "All", seq: "No.", when: "When", who: "Account", what: "Act", entity: "Entity", whose: "Whose", why: "Why", route: "Door", none: "No entries match", csv: "Export CSV", csv_note: "The export is an entry of the audit too", more: "Earlier entries", total: "{n} entry | {n} entries", clear: "Clear",
    acts: { look: "Look", change: "Change", export: "Export", grant: "Grant", purpose: "Purpose", erase: "Erase", token: "Token", sign_in: "Sign-in" },
  },
};
