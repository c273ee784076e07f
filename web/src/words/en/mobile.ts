export default {
  title: "Phone", tabs: "Tabs",
  tab: { building: "Homes by floor", tasks: "Tasks", report: "Report", mine: "Mine" },
  tasks: {
    title: "My tasks", next: "Next", start: "Start", none: "Nothing to do. New tasks appear here automatically.", numbers: "Numbers of this scope",
    more_walk: "{n} more: most urgent first, then the nearest", leg: "{far} further on", order: "Order of tasks", by_walk: "Walking route", by_due: "By time left", more: "{n} more, by time left", as_of: "synced {at}", came: "{n} new", to_dispatch: "To dispatch in this community: {n}", waiting: "Answered, awaiting rating: {n}",
  },
  case: {
    title: "Case", words: "Letter", place: "Where", no_place: "No place yet", contact: "Contact", anonymous: "The writer asked for confidentiality", no_contact: "No contact given", call: "Call",
    clocks: "Limits", steps: "History", nothing_to_do: "Nothing for you to do now",
  },
  step: {
    draft: "Draft {at}", unknown: "This case has no such step.", kept: "Everything you filled in is still here; you can send it again.", missing: "Please fill in: {field}.", contacted: "talked to the resident",
    photos: "Photos", photos_before: "Before", photos_after: "After", before: "before", after: "after", owner: "Assign to", owner_missing: "Choose an organisation.",
  },
  stale: { title: "Somebody acted on this case after you opened it", somebody: "Somebody", kept: "Both steps stay in the history. What you typed is kept.", go_on: "Continue: {step}", first: "look at the change above first" },
  undo: { done: "Done: {step}", back: "Undo" },
  offline: {
    bar: "Offline; you can keep working", sending: "Back online, sending {n}", since: "for {time}", waits: "{n} stored on this phone, to be sent when the network is back. ", none: "Your work is stored on this phone and sent when the network is back. ", as_of: "Data as of {at}.",
    queue: "{n} to send", photos: "{n} photo | {n} photos", conflicts: "{n} to decide", both: "{what}: somebody acted while you were offline", you: "You", ours: "Apply mine", theirs: "Keep theirs",
    choose: "Both stay in the history. If you keep theirs, what you wrote is added as a note.", note_of: "Done offline: “{step}” ({at}); the earlier step of others was kept.", why: "Not sent:", drop: "Delete", drop_sure: "Yes, delete",
    state: { waiting: "waits for the network", sending: "being sent", failed: "not sent", conflict: "to decide" }, saved: "Stored on this phone, to be sent when the network is back", not_kept: "There is no network, and this phone cannot store it. What you typed is still on this page; please do not close it.",
    contact: "Not available offline", waits_here: "Stored on this phone, waiting for the network: {steps}",
  },
  position: { check: "Check that I am on site", again: "Check again", there: "On site: {far} in a straight line, ±{m} m (at most {most} m)", away: "Not on site: {far} in a straight line, ±{m} m (at most {most} m)", none: "No position here; you can still send it.", note: "Checked on this phone only, not sent with the step." },
  building: {
    lead: "One unit at a time", find: "Find a building", find_hint: "Name of a building", none_found: "No building with that name.", mine: "Buildings of my tasks", none_mine: "None of your tasks is tied to a building. Find one by name.", n_tasks: "{n} task | {n} tasks",
    units: "Units", n_homes: "{n} home | {n} homes", n_cases: "{n} case | {n} cases", n: "{n}", occupancy: "Use", open_cases: "Open", area: "Area", with_cases: "Homes with cases", unknown: "Not shown to your role",
    report_home: "Report here", report_here: "Report this building", open: "Homes by floor",
  },
  report: {
    title: "Report", note: "Photo, words, position", photos: "Photos", words: "What you see", hint: "e.g. loose manhole cover at the north gate", where: "Where", where_hint: "Building, estate, grid", category: "Category", guess: "Chosen from the words",
    send: "Report", done: "Reported", open: "Open this case", no_words: "Write one sentence on what you see.", no_where: "Say where: use your position, choose a place or describe it.",
  },
  mine: { title: "Mine", account: "Account", role: "Role", org: "Organisation", scope: "Scope", lens: "You see", live: "Updates", no_org: "No organisation", whole_city: "The whole city", update: "A new version is ready: use it", unsent: "{n} not sent yet; signing out deletes them.", leave_anyway: "Delete and sign out", others: "{n} unsent item of somebody else is sealed on this phone; it is sent when they sign in. | {n} unsent items of other people are sealed on this phone; they are sent when their owners sign in.", kept_here: "Tasks, the pages you opened and the map around your tasks stay on this phone for three days; residents' contacts never do. Signing out clears them. When somebody else signs in, what you have not sent is sealed: only you can open it." },
  lens: { V1: "Personal data hidden", V2: "Personal data partly masked", V3: "Personal data visible" },
};
