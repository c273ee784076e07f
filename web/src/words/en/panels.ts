/** Words of panels: the kinds, feedback, switches of packs. */
export default {
  ends: { cockpit: "Wall", desk: "Desk", mobile: "Phone", public: "Public page" },
  component_status: { good: "Good", damaged: "Damaged", lost: "Lost", abandoned: "Abandoned", removed: "Removed" },
  ladder_level: { L0: "Resident", L1: "Community", L2: "Street", L3: "Departments", L4: "Prevention" },
  broken: "This panel cannot be shown; the others are not affected.", broken_code: "Panel {id}: {why}", try_again: "Try again",
  pilot: "Pilot", stale: "Not live, may be out of date", no_value: "Not given", others: "{n} other | {n} others", n_rows: "{n} row | {n} rows", n_of: { case: "{n} case | {n} cases", dwelling: "{n} home | {n} homes", household: "{n} household | {n} households", building: "{n} building | {n} buildings", organisation: "{n} organisation | {n} organisations", component: "{n} component | {n} components" }, share: "Share",
  opens_rows: "{name}, {n} row, open to see it | {name}, {n} rows, open to see them", rows_of: "{name}, {n} row | {name}, {n} rows", as_of: "as of {at}",
  needs_building: "Shown once a building is open.", needs_case: "There is no case to work on.",
  board: { move: "Act", moves: "What can be done", none: "No step you can take now", empty: "None", more: "{n} more", keys: "← → ↑ ↓ move · Enter opens · M acts", elsewhere: "This step has more to fill in: use the page of the case" },
  flow: { to: "{from} to {to}", step: "Level {n}" },
  form: { done: "Done: {title}", undo: "Undo", left: "Can be undone for {n} s", undone: "Undone", pick: "Which case", reported: "Reported as {no}", body: "What happened", open: "Open the case" },
  component: { changed: "The component file does not match its declared hash, so it was not run.", missing: "The component does not define {tag}." },
  feedback: {
    short: "Feedback",
    open: "Feedback: {title}", title: "How is this panel?", verdict: "In a word", words: "Comments (optional)", hint: "Stored with the pack, the place and the date, never with your name. Please do not write names or phone numbers.",
    send: "Send", done: "Received, thank you.", useful: "Useful", unclear: "Unclear", wrong: "Wrong figure", missing: "Something missing",
  },
  packs: {
    title: "Packs", nav: "Packs", lead: "Switch a pack on wherever it is ready. A place follows its own decision, or else that of the nearest place above; with no decision, the pack is as shipped.", place: "Place", up: "Up",
    off: "Off", pilot: "Pilot", on: "On", inherit: "Not decided here", own: "decided here", from: "as {place}", declared: "as shipped", by: "{who} · {at}",
    use: "Last 30 days · opens {shown} · actions {acted}", owner: "Owner: {name} · {contact}", no_owner: "no owner named", n_feedback: "{n} comment | {n} comments", installed: "Installed", below: "{n} below", none: "No places have been loaded yet.",
    stage: "{pack} in {place}", cannot: "View only. Data administrators and the street dispatcher of the place can switch packs.", feedback_title: "Feedback on {pack}", said: "Comments", days: "Last 30 days", day: "Day", shown: "Opens", acted: "Actions",
    no_feedback: "No feedback yet.", no_use: "Not used in the last 30 days.", panel: "Panel", words: "Comment", given: "Day", open_page: "Open its page", panels: "Panels: {ends}",
  },
};
