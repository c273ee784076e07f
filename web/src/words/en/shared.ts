/** The words all ends share. */
export default {
  product: "Huitian",
  demo: "Demo data",
  demo_short: "Demo",
  action: {
    close: "Close", open: "Open", retry: "Try again", sign_in: "Sign in", sign_out: "Sign out", cancel: "Cancel", back: "Back",
    save: "Save", more: "More", search: "Search", list: "List", map: "Map", all: "All", send: "Send",
    language: "中文", theme_ink: "Dark", theme_paper: "Light", skip: "Skip to content",
  },
  status: { ok: "On time", watch: "Past 70%", urgent: "Past 90%", late: "Late", none: "No limit", stale: "Stale", no_data: "No data" },
  state: {
    pending_dispatch: "To dispatch", dispatched: "Dispatched", signed: "Signed for", in_progress: "In progress", replied: "Replied",
    visiting: "Follow-up", closed: "Closed", returned: "Returned", escalated: "Escalated", rework: "Rework",
  },
  channel: {
    C01: "Hotline", C02: "Website", C03: "WeChat", C04: "Letter", C05: "Grid report", C06: "Visit", C07: "Sensor", C08: "Referred from above", C09: "Other", C10: "Outside page",
  },
  gone: {
    words: "Words", contact: "Contact", photos: "Photos", and: ", ", request: "{what}: deleted on request, {at}",
    retention: "{what}: deleted when the retention period ended, {at}",
  },
  solved: { solved: "Solved", partly: "Partly solved", unsolved: "Not solved" },
  satisfied: { very: "Very satisfied", yes: "Satisfied", basically: "Fairly satisfied", no: "Dissatisfied", very_no: "Very dissatisfied" },
  level: {
    city: "City", district: "District", street: "Subdistrict or town", community: "Community", grid: "Grid", estate: "Estate", building: "Building",
    unit: "Unit", floor: "Floor", dwelling: "Home",
  },
  entity: {
    building: "Buildings", organisation: "Organisations", case: "Cases", case_open: "Open cases", component: "Components", place: "Places", dwelling: "Homes",
    household: "Households", person: "People", finding: "Findings", load: "Loads", feature: "Features",
  },
  role: {
    leader: "Leader", dispatcher: "Dispatcher", street_dispatcher: "Street dispatcher", department: "Department handler", committee: "Community worker",
    grid_worker: "Grid worker", district_dispatcher: "District dispatcher", auditor: "Auditor", integrator: "Integrating program", data_admin: "Data administrator", resident: "Resident", system: "System",
  },
  kind: { letter: "Letter", street: "Street", community: "Committee", department: "Department", enterprise: "Enterprise", property_firm: "Property firm", centre: "Centre" },
  occupancy: { resident: "Lived in", let: "Let", vacant: "Vacant", business: "Business", unverified: "To verify" },
  clock: { late: "late {left}", of: "{limit}: {left}", not_started: "Not started", stopped: "Stopped", suspended: "Suspended", used: "{used}% used" },
  number: {
    few: "too few cases, no rate shown",
    by_limit: "by share of limit used", none_open: "No open cases",
    n: "n {n}", estimate: "estimate", stale: "{late} late", too_few: "n {n} < 30, no rate shown", below_k: "below {k}, not shown", withheld: "withheld to protect others", withheld_value: "withheld", released: "Release", release_rule: "Rounded; not shown below {k}",
    below_k_value: "< {k}", no_data: "none", no_data_why: "missing: {source}", error: "not computed since {at}", recomputing: "Recomputing · value of {at}",
    point: "pp", same: "no change", compared: "on {base}", opens: "{title} {value} {unit}, open to see where it comes from", opens_hint: "Open to see where it comes from", loading: "Getting {title}",
    id: "Number", formula: "Formula", by_unit: "By unit", by_unit_interval: "By unit: dot is the value, line the 95% interval",
    terms: "Terms and source", as_of: "As of", sample: "Sample", interval: "Interval", rule_set: "Rule set", source: "Source", place: "Scope",
    kind: "Kind", rows: "Rows behind it", rows_total: "{n} row | {n} rows", rows_protected: "A protected number: it opens to its definition and its parts, never to rows.",
    past: { day: "Last {n} days", week: "Last {n} weeks, from Monday", month: "Last {n} months", hotline_month: "Last {n} hotline months, from day {day}" }, on_map: "On the map", all_rows: "{n} row | All {n} rows", fewer_rows: "Show fewer", more_rows: "{n} more row | {n} more rows", export: "Export",
    no_interval: "Full count, no interval", mean: "this scope", children_none: "No parts", recount: "Recount: {n} row | Recount: {n} rows",
    kinds: { count: "count", ratio: "ratio", sum: "sum", score: "weighted score", mean: "mean", median: "median" },
  },
  panel: {
    yes: "Yes", no: "No",
    unknown: "This version cannot draw “{kind}” yet", loading: "Getting data", empty: "No data", no_form: "This form has no fields",
    sent: "Sent", series: "{title}, last {n} periods, latest {value}", table: "Table", chart: "Chart", others: "{n} more", apart: "In none of these",
    name: "Name", value: "Value", share: "Share", needs: "Needs: {needs}",
  },
  map: {
    density_rule: "Squares of {cell} m; squares with fewer than {k} persons are not drawn", under: "< {n}", by_limit: "Open cases, by share of limit",
    label: "Map: {layers}", legend: "Legend", missing: "This computer cannot draw maps (no WebGL), so here is a list.", truncated: "{layer}: {n} of {all} drawn",
    as_of: "as of {at}", n_in_view: "{n} in view", empty: "Nothing in view", name: "Name", layer: "Layer", error: "Layer not available: {why}",
    zoom_in: "Zoom in", zoom_out: "Zoom out", whole: "Whole area", buildings_from: "Zoom in for buildings",
  },
  stream: { live: "Live", stale: "Not live", lost: "No updates since {at}; numbers may be stale", reconnecting: "Reconnecting" },
  fault: {
    title: "Not available", code: "Code {code}", page: "This page failed", not_found: "Page not found", not_found_at: "There is nothing at {address}. The link may be old or mistyped. Choose a page on the left, or press {key} to look up a case or a place.", home: "Home", not_allowed: "You do not have access to this page",
  },
  sign: {
    title: "Sign in", user_name: "User name", password: "Password", demo_lead: "Demo city: choose a person to enter as.", form_lead: "Use your own account.", elsewhere: "Sign in with your organisation's account",
    as: "Enter as {name}", who: "Signed in as {name}",
    over_title: "Your session has ended", over_lead: "Sign in again. What you typed is still here and will be sent afterwards.", over_later: "Not now",
    does: {
      leader: "Follows the wall", dispatcher: "Dispatches all cases", street: "Dispatches in one subdistrict", committee: "Handles community cases", grid_worker: "Visits, photos, reports",
      household: "Also sees household registers", auditor: "Reads the audit", data_admin: "Looks after data and loads",
    },
  },
};
