/** Words of panels: the kinds, feedback, switches of packs. */
export default {
  ends: { cockpit: "Cockpit", desk: "Desk", mobile: "Mobile", public: "Public" },
  component_status: { good: "Good", damaged: "Damaged", lost: "Lost", abandoned: "Abandoned", removed: "Removed" },
  ladder_level: { L0: "Resident", L1: "Community", L2: "Street", L3: "Departments", L4: "Prevention" },
  broken: "This panel cannot be drawn; the rest stands.", broken_code: "Panel {id}: {why}", try_again: "Try again",
  pilot: "Pilot", stale: "Not live, may be old", no_value: "Not given", others: "{n} other | {n} others", n_rows: "{n} row | {n} rows", n_of: { case: "{n} case | {n} cases", dwelling: "{n} home | {n} homes", household: "{n} household | {n} households", building: "{n} building | {n} buildings", organisation: "{n} organisation | {n} organisations", component: "{n} component | {n} components" }, share: "Share",
  opens_rows: "{name}, {n} row, opens which | {name}, {n} rows, opens which", rows_of: "{name}, {n} row | {name}, {n} rows", as_of: "as of {at}",
  needs_building: "Shown once a building is open.", needs_case: "There is no case to work on.",
  board: { move: "Act", moves: "What can be done", none: "No step that you can take now", empty: "None", more: "{n} more", keys: "← → ↑ ↓ move · Enter opens · M acts", elsewhere: "There is much to choose here: act on the page of the case" },
  flow: { to: "{from} to {to}", step: "Level {n}" },
  form: { done: "Done: {title}", undo: "Undo", left: "Can be undone for {n} s", undone: "Undone", pick: "Which case", reported: "Reported as {no}", body: "What is the matter", open: "Open the case" },
  component: { changed: "The file of the component is not that of its declared hash; it was not run.", missing: "The component does not define {tag}." },
  feedback: {
    short: "Feedback",
    open: "Feedback: {title}", title: "What do you think of this panel", verdict: "One word", words: "Anything to say (may be left out)", hint: "Kept with the pack, the place and the day, never with who said it. Please write no names and no phones.",
    send: "Send", done: "Received, thank you.", useful: "Useful", unclear: "Unclear", wrong: "Wrong figure", missing: "Something missing",
  },
  packs: {
    title: "Packs", nav: "Packs", lead: "A pack is switched on where it is ready. The decision of the place itself counts, else that of the place above; where nobody decided, the pack is as it ships.", place: "Place", up: "Up",
    off: "Off", pilot: "Pilot", on: "On", inherit: "Not decided here", own: "decided here", from: "as {place}", declared: "as it ships", by: "{who} · {at}",
    use: "Last 30 days · opens {shown} · actions {acted}", owner: "Owner: {name} · {contact}", no_owner: "no owner is named", n_feedback: "{n} remark | {n} remarks", installed: "Installed", below: "{n} below", none: "No place is loaded yet.",
    stage: "{pack} in {place}", cannot: "You can look only: data administrators and the street dispatcher of the place switch packs.", feedback_title: "Feedback on {pack}", said: "What was said", days: "Last 30 days", day: "Day", shown: "Opens", acted: "Actions",
    no_feedback: "No feedback yet.", no_use: "Not used in 30 days.", panel: "Panel", words: "Words", given: "Day", open_page: "Open its page", panels: "Panels: {ends}",
  },
};
