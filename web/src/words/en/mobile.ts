export default {
  title: "Phone", tabs: "Tabs",
  tab: { tasks: "Tasks", report: "Report", mine: "Mine" },
  tasks: {
    title: "My tasks", next: "Next", start: "Start", none: "Nothing to do. New tasks appear here by themselves.", numbers: "Numbers of this scope",
    more: "{n} more, by time left", as_of: "synced {at}", came: "{n} new", to_dispatch: "To be given to somebody: {n}", waiting: "Answered, waiting for a rating: {n}",
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
  report: {
    title: "Report", note: "Photo, words, position", photos: "Photos", words: "What you see", hint: "e.g. loose manhole cover at the north gate", where: "Where", where_hint: "Building, estate, grid", category: "Category", guess: "Guessed from the words",
    send: "Report", done: "Reported", open: "Open this case", no_words: "Write one sentence on what you see.", no_where: "Say where: position, a place, or words.",
  },
  mine: { title: "Mine", account: "Account", role: "Role", org: "Organisation", scope: "Scope", lens: "Sight", live: "News", no_org: "No organisation", whole_city: "The whole city" },
  lens: { V1: "Personal data hidden", V2: "Personal data partly masked", V3: "Personal data visible" },
};
