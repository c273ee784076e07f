export default {
  title: "Phone", tabs: "Tabs",
  tab: { building: "Homes", tasks: "Tasks", report: "Report", mine: "Mine" },
  tasks: {
    title: "My tasks", next: "Next", start: "Start", none: "Nothing to do. New tasks appear here by themselves.", numbers: "Numbers of this scope",
    more_walk: "{n} more, nearest next from the most pressing", leg: "{far} further on", order: "Order of tasks", by_walk: "On foot", by_due: "By time left", more: "{n} more, by time left", as_of: "synced {at}", came: "{n} new", to_dispatch: "To be given to somebody: {n}", waiting: "Answered, waiting for a rating: {n}",
  },
  case: {
    title: "Case", words: "Letter", place: "Where", no_place: "No place yet", contact: "Contact", anonymous: "The writer asked for confidentiality", no_contact: "No contact given", call: "Call",
    clocks: "Limits", steps: "What was done", nothing_to_do: "Nothing for you to do now",
  },
  step: {
    draft: "Draft {at}", unknown: "This case has no such step.", kept: "Everything you filled in is still here; you can send it again.", missing: "Please fill in: {field}.", contacted: "talked to the writer",
    photos: "Photos", photos_before: "Before", photos_after: "After", before: "before", after: "after", owner: "Give it to", owner_missing: "Choose a body.",
  },
  stale: { title: "Somebody took a step after you opened this", somebody: "Somebody", kept: "Both steps stay in the log. What you typed is kept.", go_on: "Seen; still: {step}", first: "look at the change above first" },
  undo: { done: "Done: {step}", back: "Undo" },
  offline: {
    bar: "Offline, you can go on", sending: "Network is back, sending {n}", since: "for {time}", waits: "{n} kept on this phone, sent when the network is back. ", none: "What you do is kept here and sent when the network is back. ", as_of: "Data as of {at}.",
    queue: "{n} to be sent", photos: "{n} photo | {n} photos", conflicts: "{n} to decide", both: "{what}: somebody took a step while you were offline", you: "You", ours: "Do mine too", theirs: "Leave it at theirs",
    choose: "Both stay in the log: if you leave it at theirs, your words are added as a note.", note_of: "Done offline: “{step}” ({at}); left at what others did before.", why: "Not sent:", drop: "Remove", drop_sure: "Really remove",
    state: { waiting: "waits for the network", sending: "being sent", failed: "not sent", conflict: "to decide" }, saved: "Kept on this phone, sent when the network is back", not_kept: "There is no network, and this phone cannot keep it. What you typed is still on this page; do not close it.",
    contact: "Not readable offline", waits_here: "Kept on this phone, waiting for the network: {steps}",
  },
  position: { check: "Check that I am there", again: "Check again", there: "On site: {far} in a straight line, ±{m} m (at most {most} m)", away: "Not on site: {far} in a straight line, ±{m} m (at most {most} m)", none: "No position here; you can still send it.", note: "Checked on this phone only, not sent with the step." },
  building: {
    lead: "One unit at a time", find: "Find a building", find_hint: "Name of a building", none_found: "No building of that name.", mine: "Buildings of my tasks", none_mine: "No task is tied to a building. Look one up by name.", n_tasks: "{n} task | {n} tasks",
    units: "Units", n_homes: "{n} home | {n} homes", n_cases: "{n} case | {n} cases", n: "{n}", occupancy: "Use", open_cases: "Open", area: "Area", with_cases: "Homes with cases", unknown: "Not shown to your role",
    report_home: "Report here", report_here: "Report this building", open: "Homes by floor",
  },
  report: {
    title: "Report", note: "Photo, words, position", photos: "Photos", words: "What you see", hint: "e.g. loose manhole cover at the north gate", where: "Where", where_hint: "Building, estate, grid", category: "Category", guess: "Guessed from the words",
    send: "Report", done: "Reported", open: "Open this case", no_words: "Write one sentence on what you see.", no_where: "Say where: position, a place, or words.",
  },
  mine: { title: "Mine", account: "Account", role: "Role", org: "Organisation", scope: "Scope", lens: "You see", live: "Updates", no_org: "No organisation", whole_city: "The whole city", update: "A new version is ready: use it", unsent: "{n} not sent yet; signing out removes them.", leave_anyway: "Remove and sign out", others: "{n} thing of somebody else waits sealed on this phone; it goes out when its person signs in. | {n} things of somebody else wait sealed on this phone; they go out when their person signs in.", kept_here: "Tasks, opened pages and the map around your tasks stay on this phone for three days, contacts of residents never; signing out clears them. When somebody else signs in, what you have not sent is sealed: only you can open it." },
  lens: { V1: "Personal data hidden", V2: "Personal data partly masked", V3: "Personal data visible" },
};
